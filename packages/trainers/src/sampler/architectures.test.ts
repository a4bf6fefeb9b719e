import { beforeAll, expect, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { seedKey } from "@tracer-sdk/core"
import { Effect } from "effect"
import { tinyConfig } from "../../test/tiny-config.ts"
import { createAdapter } from "../adapter/index.ts"
import { loadCpu } from "../backend/cpu.ts"
import { quietly } from "../backend/quietly.ts"
import {
  type AdapterConfig,
  createDecoder,
  type Decoder,
  type DecoderConfig,
  linearModules,
  logProbabilities,
  packSequences
} from "../decoder/index.ts"
import { makeSampler } from "./index.ts"

beforeAll(() => quietly(loadCpu))

const plain: DecoderConfig = {
  ...tinyConfig,
  vocabularySize: 21,
  hiddenSize: 12,
  intermediateSize: 20,
  layers: 2,
  heads: 4,
  keyValueHeads: 2,
  maximumPositions: 40,
  tiedEmbeddings: false,
  endTokens: []
}
const scaled = (scaling: NonNullable<DecoderConfig["rope"]["scaling"]>): DecoderConfig => ({
  ...plain,
  headSize: 8,
  rope: { theta: 100, scaling }
})

const architectures: Readonly<Record<string, DecoderConfig>> = {
  "Qwen2's biases, tied": { ...plain, biases: ["q_proj", "k_proj", "v_proj"], tiedEmbeddings: true },
  "biases everywhere": { ...plain, biases: linearModules(plain) },
  "Qwen3's norms of queries and keys": { ...plain, queryKeyNorm: true, headSize: 10 },
  "Phi-3's fused projections": { ...plain, fusedProjections: true, headSize: 6, heads: 2, keyValueHeads: 1 },
  "fused projections with biases": {
    ...plain,
    fusedProjections: true,
    biases: ["qkv_proj", "gate_up_proj"]
  },
  "Mistral's window": { ...plain, slidingWindows: [5, 5] },
  "a window in one layer, shorter than the prompt": { ...plain, slidingWindows: [undefined, 3] },
  "a head size of no whole panels": { ...plain, headSize: 20, keyValueHeads: 4 },
  "features that are not rotated": { ...plain, headSize: 8, rope: { theta: 100, rotatedFeatures: 4 } },
  "linear positions": scaled({ kind: "linear", factor: 2.5 }),
  "Llama 3's positions": scaled({
    kind: "llama3",
    factor: 8,
    lowFrequencyFactor: 1,
    highFrequencyFactor: 4,
    originalPositions: 16
  }),
  "long rope, beyond the original positions": scaled({
    kind: "longrope",
    shortFactors: [1, 1.1, 1.2, 1.3],
    longFactors: [1, 2, 4, 8],
    originalPositions: 16,
    attentionFactor: 1.2
  })
}

/** Weights far from their small beginnings, so that every part of the network shows in the distributions. */
const decoderOf = (config: DecoderConfig): Decoder => {
  const decoder = createDecoder(config, 3)
  Object.values(decoder.weights).forEach((variable, i) => {
    if (!(variable instanceof tf.Variable)) return
    const noise = tf.randomNormal(variable.shape, 0, 0.2, "float32", i + 1)
    tf.tidy(() => variable.assign(tf.add(variable.rank === 2 ? tf.mul(variable, 10) : variable, noise)))
  })
  return decoder
}

const adapterOf = (decoder: Decoder, config: AdapterConfig) => {
  const adapter = createAdapter("a.b", decoder, config, seedKey(9))
  Object.values(adapter.variables).forEach((variable, i) => {
    tf.tidy(() =>
      variable.assign(tf.add(variable, tf.randomNormal(variable.shape, 0, 0.1, "float32", i + 50)))
    )
  })
  return adapter
}

const largestDifference = Effect.fnUntraced(function* (
  decoder: Decoder,
  changes: ReadonlyArray<AdapterConfig>
) {
  const sampler = yield* makeSampler(decoder)
  const adapters = [undefined, ...changes.map((config) => adapterOf(decoder, config))]
  const prompt = [4, 5, 6, 7, 8, 9]
  const asked = adapters.map((adapter) =>
    sampler.sample({ prompt, samples: 3, seed: 5, temperature: 0.9, maxTokens: 20, adapter })
  )
  const answers = yield* Effect.all(asked, { concurrency: "unbounded" })
  const texts = new Set(answers.map((draws) => JSON.stringify(draws.map(({ ids }) => ids))))
  expect(texts.size).toBe(adapters.length)
  return adapters.map((adapter, which) => {
    const draws = answers[which] ?? []
    const tokens = packSequences(draws.map(({ ids }) => ({ prompt, completion: ids })))
    const scores = tf.tidy(() => logProbabilities(decoder, adapter, tokens, { temperature: 0.9 }).dataSync())
    return Math.max(
      ...draws.flatMap(({ logProbabilities: drawn }, row) =>
        drawn.map((value, i) =>
          Math.abs(value - (scores[row * tokens.time + prompt.length - 1 + i] ?? Number.NaN))
        )
      )
    )
  })
})

for (const [name, config] of Object.entries(architectures)) {
  it.effect(`draws with ${name} are scored as in training, adapters of every kind beside one another`, () =>
    Effect.gen(function* () {
      const differences = yield* largestDifference(decoderOf(config), [
        { kind: "lora", rank: 3, alpha: 4, dropout: 0, targets: linearModules(config) },
        { kind: "lora", rank: 9, alpha: 9, dropout: 0, targets: linearModules(config).slice(-2) },
        { kind: "layers", last: 1 },
        { kind: "full" }
      ])
      for (const difference of differences) expect(difference).toBeLessThan(1e-4)
    })
  )
}

it.effect("a checkpoint in bfloat16 is drawn from as it is", () =>
  Effect.gen(function* () {
    const decoder = decoderOf({ ...plain, biases: ["q_proj"], hiddenSize: 24, headSize: 6 })
    for (const variable of Object.values(decoder.weights)) {
      const words = new Uint32Array(variable.dataSync<"float32">().slice().buffer)
      const halves = new Float32Array(words.map((word) => word & 0xffff_0000).buffer)
      if (variable instanceof tf.Variable) tf.tidy(() => variable.assign(tf.tensor(halves, variable.shape)))
    }
    const differences = yield* largestDifference(decoder, [
      { kind: "lora", rank: 4, alpha: 4, dropout: 0, targets: ["q_proj", "down_proj"] },
      { kind: "layers", last: 1 }
    ])
    for (const difference of differences) expect(difference).toBeLessThan(1e-4)
  })
)
