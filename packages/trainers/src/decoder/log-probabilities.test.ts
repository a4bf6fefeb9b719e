import * as tf from "@tensorflow/tfjs"
import { expect, test } from "vitest"
import { createDecoder, type DecoderConfig, forwardLogits, logProbabilities, packSequences } from "./index.ts"

const config: DecoderConfig = {
  modelType: "llama",
  vocabularySize: 11,
  hiddenSize: 8,
  intermediateSize: 12,
  layers: 2,
  heads: 4,
  keyValueHeads: 2,
  headSize: 2,
  maximumPositions: 32,
  rope: { theta: 10_000 },
  rmsNormEpsilon: 1e-5,
  tiedEmbeddings: true,
  biases: [],
  queryKeyNorm: false,
  fusedProjections: false,
  endTokens: [0]
}
const tokens = packSequences([
  { prompt: [1, 2, 3], completion: [4, 5, 0] },
  { prompt: [7], completion: [8, 9] }
])

test("scores are the log-softmax of the logits at the targets, and 0 outside the completions", () => {
  const decoder = createDecoder({ ...config, tiedEmbeddings: false }, 3)
  const [scores, expected] = tf.tidy(() => {
    const logits = tf.div(forwardLogits(decoder, undefined, tokens), 0.7)
    const all = tf.logSoftmax(logits)
    const chosen = tf.sum(tf.mul(all, tf.oneHot(tf.tensor1d(tokens.targets, "int32"), 11)), -1)
    return [
      Array.from(logProbabilities(decoder, undefined, tokens, { temperature: 0.7 }).dataSync()),
      Array.from(chosen.dataSync(), (value, i) => value * (tokens.mask[i] ?? 0))
    ]
  })
  scores.forEach((score, i) => {
    expect(score).toBeCloseTo(expected[i] ?? Number.NaN, 5)
  })
  expect(scores.map((score) => score !== 0)).toEqual([
    false,
    false,
    true,
    true,
    true,
    true,
    true,
    false,
    false,
    false
  ])
})

test("in chunks of one row, scores and gradients are those of all rows at once", () => {
  const decoder = createDecoder(config, 5)
  const run = (maximumLogits: number) => {
    const { value, grads } = tf.variableGrads(() => {
      const scores = logProbabilities(decoder, undefined, tokens, { temperature: 0.8, maximumLogits })
      return tf.sum(tf.square(scores)).asScalar()
    })
    const gradients = Object.values(decoder.weights).map((weight) =>
      weight instanceof tf.Variable ? [...(grads[weight.name]?.dataSync() ?? [])] : []
    )
    return [...value.dataSync(), ...gradients.flat()]
  }
  const whole = run(1_000_000)
  const chunked = run(config.vocabularySize)
  expect(chunked.length).toBe(whole.length)
  chunked.forEach((value, i) => {
    expect(Math.abs(value - (whole[i] ?? Number.NaN))).toBeLessThan(1e-4 * (1 + Math.abs(value)))
  })
})

test("a training step leaves no tensor behind", () => {
  const decoder = createDecoder(config, 5)
  const before = tf.memory().numTensors
  const { value, grads } = tf.variableGrads(() =>
    tf.sum(logProbabilities(decoder, undefined, tokens, { temperature: 1 })).asScalar()
  )
  tf.dispose([value, grads])
  expect(tf.memory().numTensors).toBe(before)
})
