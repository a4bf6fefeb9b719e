import type { DecoderConfig } from "../src/decoder/index.ts"

/** The smallest decoder that has grouped queries: one layer, width 8, seven tokens, of which 0 ends a completion. */
export const tinyConfig: DecoderConfig = {
  modelType: "llama",
  vocabularySize: 7,
  hiddenSize: 8,
  intermediateSize: 12,
  layers: 1,
  heads: 2,
  keyValueHeads: 1,
  headSize: 4,
  maximumPositions: 16,
  rope: { theta: 10_000 },
  rmsNormEpsilon: 1e-5,
  tiedEmbeddings: true,
  biases: [],
  queryKeyNorm: false,
  fusedProjections: false,
  endTokens: [0]
}
