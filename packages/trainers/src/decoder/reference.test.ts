import { describe, expect, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { Effect } from "effect"
import { type ReferenceModel, referenceModels } from "../../test/reference-models.ts"
import { loadBackend } from "../backend/index.ts"
import { type Decoder, forwardLogits, loadDecoder, logProbabilities, packSequences } from "./index.ts"

const largestDifference = (values: ArrayLike<number>, reference: ReadonlyArray<number>): number => {
  expect(values.length).toBe(reference.length)
  return Math.max(...reference.map((value, i) => Math.abs(value - (values[i] ?? Number.NaN))))
}

const logitsOf = (decoder: Decoder, rows: ReadonlyArray<ReadonlyArray<number>>): Float32Array => {
  const tokens = packSequences(rows.map((ids) => ({ prompt: ids, completion: [0] })))
  return tf.tidy(() => Float32Array.from(forwardLogits(decoder, undefined, tokens).dataSync()))
}

const greedyContinuation = (decoder: Decoder, prompt: ReadonlyArray<number>, count: number) => {
  const ids = [...prompt]
  for (let i = 0; i < count; i++) {
    const last = logitsOf(decoder, [ids]).subarray(-decoder.config.vocabularySize)
    ids.push(last.reduce((best, value, token) => (value > (last[best] ?? Number.NaN) ? token : best), 0))
  }
  return ids.slice(prompt.length)
}

const checkScoresAndGradients = (decoder: Decoder, { expected }: ReferenceModel) => {
  const from = expected.scoredFrom
  const tokens = packSequences(
    expected.ids.map((ids) => ({ prompt: ids.slice(0, from), completion: ids.slice(from) }))
  )
  const score = () => logProbabilities(decoder, undefined, tokens, { temperature: expected.temperature })
  const scores = tf.tidy(() => score().dataSync())
  const reference = expected.scores.flatMap((row) => row.map((value, i) => (i + 1 < from ? 0 : value)))
  expect(largestDifference(scores, reference)).toBeLessThan(1e-4)

  const { grads } = tf.variableGrads(() => tf.sum(score()).asScalar())
  expect(Object.keys(expected.gradients).sort()).toEqual(Object.keys(decoder.weights).sort())
  for (const [name, [norm, product]] of Object.entries(expected.gradients)) {
    const weight = decoder.weights[name]
    const gradient = weight instanceof tf.Variable ? Array.from(grads[weight.name]?.dataSync() ?? []) : []
    const sum = gradient.reduce((total, value, i) => total + value * Math.cos(i), 0)
    expect(Math.abs(Math.hypot(...gradient) - norm), name).toBeLessThan(1e-4 * norm)
    expect(Math.abs(sum - product), name).toBeLessThan(1e-4 * norm)
  }
  tf.dispose(grads)
}

for (const backend of ["cpu", "wasm", "tensorflow"] as const) {
  describe(`on ${backend}, as PyTorch`, () => {
    for (const model of referenceModels) {
      it.effect(`${model.name}: logits, scores, gradients and a greedy continuation`, (test) =>
        Effect.gen(function* () {
          const loaded = yield* Effect.result(loadBackend({ prefer: backend }))
          if (loaded._tag === "Failure" && backend === "tensorflow") {
            return test.skip("The native backend is not installed.")
          }
          expect(loaded._tag).toBe("Success")
          const { expected, directory, load } = model
          const decoder = yield* loadDecoder(directory, { ...load, trainable: true })
          const difference = largestDifference(logitsOf(decoder, expected.ids), expected.logits.flat())
          expect(difference).toBeLessThan(1e-4)
          checkScoresAndGradients(decoder, model)
          const greedy = greedyContinuation(decoder, expected.prompt, expected.greedy.length)
          expect(greedy).toEqual(expected.greedy)
          decoder.dispose()
        })
      )
    }
  })
}
