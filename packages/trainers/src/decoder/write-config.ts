import { isDeepStrictEqual } from "node:util"
import { Effect, Schema } from "effect"
import { ModelError } from "../files/model-error.ts"
import { architectures } from "./architectures.ts"
import { decodeConfig, furthestPositions } from "./config-file.ts"
import { ConfigFile } from "./config-schema.ts"
import type { DecoderConfig } from "./types.ts"
import { ropeFile } from "./write-rope.ts"

const encodeConfig = (config: DecoderConfig): Readonly<Record<string, unknown>> => {
  const architecture = architectures[config.modelType]
  const furthest = furthestPositions(config)
  const [endToken, ...moreEndTokens] = config.endTokens
  return {
    architectures: [architecture.className],
    model_type: config.modelType,
    vocab_size: config.vocabularySize,
    hidden_size: config.hiddenSize,
    intermediate_size: config.intermediateSize,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    num_key_value_heads: config.keyValueHeads,
    head_dim: config.headSize,
    ...architecture.file(config),
    max_position_embeddings: furthest,
    ...ropeFile(config, furthest),
    rms_norm_eps: config.rmsNormEpsilon,
    hidden_act: "silu",
    tie_word_embeddings: config.tiedEmbeddings,
    bos_token_id: config.beginToken ?? null,
    eos_token_id: moreEndTokens.length === 0 ? (endToken ?? null) : config.endTokens,
    pad_token_id: config.padToken ?? null
  }
}

/** The parts of a decoder that not every architecture can have. */
const partsOf = (config: DecoderConfig) => ({
  headSize: config.headSize,
  rope: config.rope,
  biases: [...config.biases].sort(),
  queryKeyNorm: config.queryKeyNorm,
  fusedProjections: config.fusedProjections,
  slidingWindows: Array.from({ length: config.layers }, (_, layer) => config.slidingWindows?.[layer])
})

/** The names of the parts that are lost where `file` is read again; throws where it cannot be read at all. */
const lostParts = (config: DecoderConfig, file: Readonly<Record<string, unknown>>): ReadonlyArray<string> => {
  const read = decodeConfig(Schema.decodeUnknownSync(ConfigFile)(file), config.endTokens)
  const found = new Map<string, unknown>(Object.entries(partsOf(read)))
  return Object.entries(partsOf(config)).flatMap(([name, part]) =>
    isDeepStrictEqual(part, found.get(name)) ? [] : [name]
  )
}

/**
 * The contents of a `config.json` at `path` that Hugging Face's transformers load. Fails with a `ModelError` that names what an
 * architecture's file cannot say, for the model would be another one when it is loaded.
 */
export const decoderConfigFile = (
  config: DecoderConfig,
  path: string
): Effect.Effect<Readonly<Record<string, unknown>>, ModelError> =>
  Effect.try({
    try: () => {
      const file = encodeConfig(config)
      const lost = lostParts(config, file)
      if (lost.length > 0) throw new Error(`it cannot say the decoder's ${lost.join(", ")}`)
      return file
    },
    catch: (cause) =>
      new ModelError({
        message: `${path} cannot be written for model_type "${config.modelType}": ${cause instanceof Error ? cause.message : String(cause)}.`,
        hint: "Make the decoder of the parts that this architecture has, or give it the modelType of one that has them.",
        path,
        cause
      })
  })
