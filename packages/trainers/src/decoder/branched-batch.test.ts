import * as tf from "@tensorflow/tfjs"
import { describe, expect, test } from "vitest"
import { loadCpu } from "../backend/cpu.ts"
import { loadNative } from "../backend/native.ts"
import { quietly } from "../backend/quietly.ts"
import { loadWasm } from "../backend/wasm.ts"
import { createDecoder, type DecoderConfig, logProbabilities, packBranches, packSequences } from "./index.ts"

const rows = [
  { prompt: [1, 2, 3, 4], completions: [[5, 6, 0], [6], [1, 1, 2, 3, 0]] },
  {
    prompt: [7],
    completions: [
      [2, 0],
      [3, 4, 5]
    ]
  }
]

const plain: DecoderConfig = {
  modelType: "llama",
  vocabularySize: 9,
  hiddenSize: 8,
  intermediateSize: 12,
  layers: 2,
  heads: 4,
  keyValueHeads: 2,
  headSize: 4,
  // Too few for a row, enough for each sequence.
  maximumPositions: 9,
  rope: { theta: 100 },
  rmsNormEpsilon: 1e-5,
  tiedEmbeddings: true,
  biases: [],
  queryKeyNorm: false,
  fusedProjections: false,
  endTokens: [0]
}
const decoders: ReadonlyArray<readonly [string, DecoderConfig]> = [
  ["of Llama's parts", plain],
  [
    // Narrower than the sequences, so that a window ends within the trunk and within a branch.
    "with windows, biases and norms of queries and keys",
    { ...plain, slidingWindows: [3, undefined], biases: ["q_proj", "v_proj", "up_proj"], queryKeyNorm: true }
  ],
  [
    "with fused projections and partial rotation",
    {
      ...plain,
      fusedProjections: true,
      tiedEmbeddings: false,
      slidingWindows: [2, 4],
      rope: { theta: 100, rotatedFeatures: 2, scaling: { kind: "linear", factor: 2 } }
    }
  ]
]

const compare = (config: DecoderConfig) => {
  const decoder = createDecoder(config, 7)
  for (const one of Object.values(decoder.weights)) {
    if (!(one instanceof tf.Variable)) continue
    tf.tidy(() =>
      one.assign(
        one.rank === 1 ? tf.add(one, tf.randomNormal(one.shape, 0, 0.3, "float32", 5)) : tf.mul(one, 10)
      )
    )
  }
  const weights = Object.values(decoder.weights).filter((one) => one instanceof tf.Variable)
  const separate = packSequences(
    rows.flatMap(({ prompt, completions }) => completions.map((completion) => ({ prompt, completion })))
  )
  const branched = packBranches(rows, 4)
  expect([branched.tokens.batch, branched.tokens.time]).toEqual([2, 12])

  const scored = [separate, branched.tokens].map((tokens) => {
    const { value, grads } = tf.variableGrads(
      () => tf.sum(tf.square(logProbabilities(decoder, undefined, tokens, { temperature: 0.7 }))),
      weights
    )
    const scores = tf.tidy(() =>
      logProbabilities(decoder, undefined, tokens, { temperature: 0.7 }).dataSync()
    )
    const slopes = weights.flatMap((one) => Array.from(grads[one.name]?.dataSync() ?? []))
    tf.dispose([value, grads])
    return { scores, slopes }
  })
  const [one, shared] = scored
  const expected = Array.from(one?.scores ?? []).filter((score) => score !== 0)
  const found = rows.flatMap(({ completions }, row) =>
    completions.flatMap((completion, number) =>
      completion.map((_, i) => shared?.scores[(branched.starts[row]?.[number] ?? Number.NaN) + i])
    )
  )
  expect(found).toHaveLength(expected.length)
  expected.forEach((score, i) => {
    expect(found[i]).toBeCloseTo(score, 5)
  })
  const largest = (one?.slopes ?? []).reduce((most, slope) => Math.max(most, Math.abs(slope)), 0)
  expect(largest).toBeGreaterThan(0.1)
  one?.slopes.forEach((slope, i) => {
    expect(Math.abs((shared?.slopes[i] ?? Number.NaN) - slope)).toBeLessThan(1e-5 * (1 + largest))
  })
}

const backends = [
  ["cpu", loadCpu],
  ["wasm", loadWasm],
  ["tensorflow", loadNative]
] as const

describe.for(backends)("on %s, completions that share their prompt's tokens", ([backend, load]) => {
  test.for(decoders)(
    "have the scores and gradients of sequences one by one, %s",
    async ([, config], { skip }) => {
      const failure = await quietly(load).then(
        () => undefined,
        (cause: unknown) => cause
      )
      if (failure !== undefined && backend === "tensorflow") skip("The native backend is not installed.")
      expect(failure).toBeUndefined()
      compare(config)
    }
  )
})
