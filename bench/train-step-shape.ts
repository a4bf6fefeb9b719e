import type { DecoderConfig } from "@tracer-sdk/trainers"

/** The decoder of the training benchmark. */
export const model: DecoderConfig = {
  modelType: "llama",
  vocabularySize: 4_096,
  hiddenSize: 256,
  intermediateSize: 688,
  layers: 4,
  heads: 4,
  keyValueHeads: 4,
  headSize: 64,
  maximumPositions: 512,
  rope: { theta: 10_000 },
  rmsNormEpsilon: 1e-5,
  tiedEmbeddings: true,
  biases: [],
  queryKeyNorm: false,
  fusedProjections: false,
  endTokens: []
}

/** Sequences of a step, and tokens of each. */
export const batch = 8
export const time = 128
