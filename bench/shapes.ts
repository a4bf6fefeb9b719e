import type { DecoderConfig } from "@tracer-sdk/trainers"

/** The small decoder of the training benchmarks. */
export const small: DecoderConfig = {
  modelType: "llama",
  vocabularySize: 4_096,
  hiddenSize: 256,
  intermediateSize: 688,
  layers: 4,
  heads: 4,
  keyValueHeads: 4,
  headSize: 64,
  maximumPositions: 4_096,
  rope: { theta: 10_000 },
  rmsNormEpsilon: 1e-5,
  tiedEmbeddings: true,
  biases: [],
  queryKeyNorm: false,
  fusedProjections: false,
  endTokens: []
}

/** The sizes of Qwen2-0.5B and Qwen2.5-0.5B. */
export const qwen2: DecoderConfig = {
  modelType: "qwen2",
  vocabularySize: 151_936,
  hiddenSize: 896,
  intermediateSize: 4_864,
  layers: 24,
  heads: 14,
  keyValueHeads: 2,
  headSize: 64,
  maximumPositions: 32_768,
  rope: { theta: 1_000_000 },
  rmsNormEpsilon: 1e-6,
  tiedEmbeddings: true,
  biases: ["q_proj", "k_proj", "v_proj"],
  queryKeyNorm: false,
  fusedProjections: false,
  endTokens: []
}
