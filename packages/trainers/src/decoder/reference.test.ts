import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { Effect, Schema } from "effect"
import { loadBackend } from "../backend/index.ts"
import { makeSampler } from "../sampler/index.ts"
import { forwardLogits, loadDecoder, logProbabilities, packSequences } from "./index.ts"

/** A random checkpoint and what PyTorch and transformers 5.18 compute with it: `tools/reference/llama_fixture.py`. */
const directory = fileURLToPath(new URL("fixtures/tiny-llama", import.meta.url))
const Expected = Schema.Struct({
  ids: Schema.Array(Schema.Array(Schema.Number)),
  logits: Schema.Array(Schema.Array(Schema.Number)),
  greedy: Schema.Array(Schema.Number),
  temperature: Schema.Number,
  scored_from: Schema.Number,
  scores: Schema.Array(Schema.Array(Schema.Number)),
  gradient_norms: Schema.Record(Schema.String, Schema.Number)
})
const expected = Schema.decodeUnknownSync(Expected)(
  JSON.parse(readFileSync(`${directory}/expected.json`, "utf8"))
)

const largestDifference = (values: ArrayLike<number>, reference: ReadonlyArray<number>): number => {
  expect(values.length).toBe(reference.length)
  return Math.max(...reference.map((value, i) => Math.abs(value - (values[i] ?? Number.NaN))))
}

for (const backend of ["cpu", "wasm"] as const) {
  it.effect(`logits, scores, gradients and a greedy continuation are PyTorch's, on ${backend}`, () =>
    Effect.gen(function* () {
      yield* loadBackend({ prefer: backend })
      const decoder = yield* loadDecoder(directory, { trainable: true })
      const whole = packSequences(expected.ids.map((ids) => ({ prompt: [...ids], completion: [0] })))
      const logits = tf.tidy(() => forwardLogits(decoder, undefined, whole).dataSync())
      expect(largestDifference(logits, expected.logits.flat())).toBeLessThan(1e-4)

      const from = expected.scored_from
      const tokens = packSequences(
        expected.ids.map((ids) => ({ prompt: ids.slice(0, from), completion: ids.slice(from) }))
      )
      const score = () => logProbabilities(decoder, undefined, tokens, { temperature: expected.temperature })
      const scores = tf.tidy(() => score().dataSync())
      const reference = expected.scores.flatMap((row) => row.map((value, i) => (i + 1 < from ? 0 : value)))
      expect(largestDifference(scores, reference)).toBeLessThan(1e-4)

      const { grads } = tf.variableGrads(() => tf.sum(score()).asScalar())
      for (const [name, norm] of Object.entries(expected.gradient_norms)) {
        const weight = decoder.weights[name]
        const gradient = weight instanceof tf.Variable ? (grads[weight.name]?.dataSync() ?? []) : []
        expect(Math.abs(Math.hypot(...gradient) / norm - 1), name).toBeLessThan(1e-4)
      }
      tf.dispose(grads)

      const sampler = yield* makeSampler({ ...decoder, config: { ...decoder.config, endTokens: [] } })
      const prompt = expected.ids[0]?.slice(0, 4) ?? []
      const [greedy] = yield* sampler.sample({
        ...{ prompt, samples: 1, seed: 0, temperature: 0, adapter: undefined },
        maxTokens: expected.greedy.length
      })
      expect(greedy?.ids).toEqual(expected.greedy)
      decoder.dispose()
    })
  )
}
