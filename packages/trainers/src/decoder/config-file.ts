import { dirname, join } from "node:path"
import { Effect, Schema } from "effect"
import { ModelError } from "../files/model-error.ts"
import { readJson, readOptionalJson } from "../files/read-file.ts"
import { architectures } from "./architectures.ts"
import { ConfigFile, TokenIds } from "./config-schema.ts"
import { readRope } from "./read-rope.ts"
import { type DecoderConfig, type ModelType, modelTypes, type RopeConfig } from "./types.ts"

const hint = `Use a model of one of the architectures ${modelTypes.join(", ")} in Hugging Face's layout.`

/** What is read of `generation_config.json`: chat models name the tokens there that end a turn. */
const GenerationFile = Schema.Struct({ eos_token_id: Schema.optionalKey(Schema.NullOr(TokenIds)) })

const isModelType = (name: string): name is ModelType => modelTypes.some((known) => known === name)

const list = (ids: typeof TokenIds.Type | null | undefined): ReadonlyArray<number> =>
  ids === undefined || ids === null ? [] : typeof ids === "number" ? [ids] : ids

/** How far the positions reach: YaRN's files give those that the model had before it was stretched. */
const furthestOf = (file: ConfigFile, { scaling }: RopeConfig): number =>
  scaling?.kind === "yarn"
    ? Math.max(file.max_position_embeddings, Math.floor(scaling.factor * scaling.originalPositions))
    : file.max_position_embeddings

/** The settings of a decoder for sequences of up to `maximum` tokens, of which it could have `furthest`. */
export const withPositions = (
  maximum: number,
  furthest: number
): Pick<DecoderConfig, "maximumPositions" | "extendedPositions"> => ({
  maximumPositions: maximum,
  ...(furthest > maximum ? { extendedPositions: furthest } : {})
})

/** The decoder that `file` describes; throws an `Error` that says what of it is not supported. */
export const decodeConfig = (file: ConfigFile, endTokens: ReadonlyArray<number>): DecoderConfig => {
  const { model_type: modelType, num_attention_heads: heads } = file
  if (!isModelType(modelType))
    throw new Error(`model_type is "${modelType}"; supported are ${modelTypes.join(", ")}`)
  if ((file.hidden_act ?? "silu") !== "silu")
    throw new Error(`hidden_act is "${file.hidden_act}", not "silu"`)
  if ((file.quantization_config ?? undefined) !== undefined) {
    throw new Error("quantization_config is set, and quantised weights cannot be read")
  }
  const architecture = architectures[modelType]
  const absent = file.num_key_value_heads === undefined ? architecture.keyValueHeads : undefined
  const keyValueHeads = file.num_key_value_heads ?? absent ?? heads
  if (heads % keyValueHeads !== 0) {
    throw new Error(`${heads} num_attention_heads are no multiple of ${keyValueHeads} num_key_value_heads`)
  }
  const headSize = file.head_dim ?? architecture.headSize ?? file.hidden_size / heads
  if (headSize % 2 !== 0) throw new Error(`the head size ${headSize} is not even`)
  const rope = readRope(file, headSize, architecture.partialRotation)
  const slidingWindows = architecture.slidingWindows(file)
  const furthest = furthestOf(file, rope)
  const usual =
    rope.scaling?.kind === "longrope" ? Math.min(rope.scaling.originalPositions, furthest) : furthest
  return {
    modelType,
    vocabularySize: file.vocab_size,
    hiddenSize: file.hidden_size,
    intermediateSize: file.intermediate_size,
    layers: file.num_hidden_layers,
    heads,
    keyValueHeads,
    headSize,
    ...withPositions(usual, furthest),
    rope,
    rmsNormEpsilon: file.rms_norm_eps,
    tiedEmbeddings: file.tie_word_embeddings ?? false,
    biases: architecture.biases(file),
    queryKeyNorm: architecture.queryKeyNorm,
    fusedProjections: architecture.fusedProjections,
    ...(slidingWindows === undefined ? {} : { slidingWindows }),
    ...(typeof file.bos_token_id === "number" ? { beginToken: file.bos_token_id } : {}),
    endTokens,
    ...(typeof file.pad_token_id === "number" ? { padToken: file.pad_token_id } : {})
  }
}

/** The most positions that a decoder of this config can be loaded for. */
export const furthestPositions = ({ extendedPositions, maximumPositions }: DecoderConfig): number =>
  extendedPositions ?? maximumPositions

/**
 * Reads a decoder's `config.json`, and more end tokens from the `generation_config.json` beside it. Fails with a `ModelError`
 * that names what is not supported.
 */
export const readDecoderConfig = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<DecoderConfig, ModelError> {
  const file = yield* readJson(ConfigFile, path, hint)
  const generation = yield* readOptionalJson(
    GenerationFile,
    join(dirname(path), "generation_config.json"),
    "Fetch the file again, or remove it: only end tokens are read of it."
  )
  const endTokens = new Set([...list(file.eos_token_id), ...list(generation?.eos_token_id)])
  return yield* Effect.try({
    try: () => decodeConfig(file, [...endTokens]),
    catch: (cause) =>
      new ModelError({
        message: `${path}: ${cause instanceof Error ? cause.message : String(cause)}.`,
        hint,
        path
      })
  })
})
