import { describe, expect, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { Effect } from "effect"
import { type ReferenceModel, referenceModels } from "../../test/reference-models.ts"
import { type BackendName, loadBackend } from "../backend/index.ts"
import { type Decoder, forwardLogits, loadDecoder, logProbabilities, packSequences } from "./index.ts"

const largestDifference = (values: ArrayLike<number>, reference: ReadonlyArray<number>): number => {
  expect(values.length).toBe(reference.length)
  return Math.max(...reference.map((value, i) => Math.abs(value - (values[i] ?? Number.NaN))))
}

/** The values of a tensor, which is gone then. */
const valuesOf = async (tensor: tf.Tensor): Promise<Float32Array> => {
  const values = Float32Array.from(await tensor.data())
  tensor.dispose()
  return values
}

const logitsOf = (decoder: Decoder, rows: ReadonlyArray<ReadonlyArray<number>>): Promise<Float32Array> => {
  const tokens = packSequences(rows.map((ids) => ({ prompt: ids, completion: [0] })))
  return valuesOf(tf.tidy(() => forwardLogits(decoder, undefined, tokens)))
}

const greedyContinuation = async (decoder: Decoder, prompt: ReadonlyArray<number>, count: number) => {
  const ids = [...prompt]
  for (let i = 0; i < count; i++) {
    const last = (await logitsOf(decoder, [ids])).subarray(-decoder.config.vocabularySize)
    ids.push(last.reduce((best, value, token) => (value > (last[best] ?? Number.NaN) ? token : best), 0))
  }
  return ids.slice(prompt.length)
}

const checkScoresAndGradients = async (decoder: Decoder, { expected }: ReferenceModel) => {
  const from = expected.scoredFrom
  const tokens = packSequences(
    expected.ids.map((ids) => ({ prompt: ids.slice(0, from), completion: ids.slice(from) }))
  )
  const score = () => logProbabilities(decoder, undefined, tokens, { temperature: expected.temperature })
  const scores = await valuesOf(tf.tidy(score))
  const reference = expected.scores.flatMap((row) => row.map((value, i) => (i + 1 < from ? 0 : value)))
  expect(largestDifference(scores, reference)).toBeLessThan(1e-4)

  const { value, grads } = tf.variableGrads(() => tf.sum(score()).asScalar())
  expect(Object.keys(expected.gradients).sort()).toEqual(Object.keys(decoder.weights).sort())
  for (const [name, [norm, product]] of Object.entries(expected.gradients)) {
    const weight = decoder.weights[name]
    const found = weight instanceof tf.Variable ? grads[weight.name] : undefined
    const gradient = found === undefined ? [] : Array.from(await found.data())
    const sum = gradient.reduce((total, value, i) => total + value * Math.cos(i), 0)
    expect(Math.abs(Math.hypot(...gradient) - norm), name).toBeLessThan(1e-4 * norm)
    expect(Math.abs(sum - product), name).toBeLessThan(1e-4 * norm)
  }
  tf.dispose([value, Object.values(grads)])
}

const load = (prefer: BackendName) => loadBackend({ prefer, allowSoftwareGpu: true })

/** Those that need packages, or a GPU's driver, which may be absent. */
const optional: ReadonlyArray<BackendName> = ["tensorflow", "webgpu"]

for (const backend of ["cpu", "wasm", ...optional] as const) {
  const loaded = await Effect.runPromise(Effect.result(load(backend)))
  const absent = optional.includes(backend) && loaded._tag === "Failure" ? `: ${loaded.failure.message}` : ""
  describe.skipIf(absent !== "")(`on ${backend}, as PyTorch${absent}`, () => {
    for (const model of referenceModels) {
      it.effect(`${model.name}: logits, scores, gradients and a greedy continuation`, () =>
        Effect.gen(function* () {
          yield* load(backend)
          const { expected, directory } = model
          const decoder = yield* loadDecoder(directory, { ...model.load, trainable: true })
          const logits = yield* Effect.promise(() => logitsOf(decoder, expected.ids))
          const difference = largestDifference(logits, expected.logits.flat())
          expect(difference).toBeLessThan(1e-4)
          yield* Effect.promise(() => checkScoresAndGradients(decoder, model))
          const inParts = yield* loadDecoder(directory, { ...model.load, largestTensorBytes: 1_000 })
          expect(Object.keys(inParts.weights)).toContain("model.embed_tokens.weight.rows.6")
          const same = yield* Effect.promise(() => logitsOf(inParts, expected.ids))
          expect(largestDifference(same, expected.logits.flat())).toBeLessThan(1e-4)
          inParts.dispose()
          const greedy = yield* Effect.promise(() =>
            greedyContinuation(decoder, expected.prompt, expected.greedy.length)
          )
          expect(greedy).toEqual(expected.greedy)
          decoder.dispose()
        })
      )
    }
  })
}
