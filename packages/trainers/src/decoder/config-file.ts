import { Effect, Schema } from "effect"
import { ModelError } from "../files/model-error.ts"
import { readJson } from "../files/read-file.ts"
import type { DecoderConfig } from "./types.ts"

const Size = Schema.Int.check(Schema.isGreaterThan(0))
const TokenId = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))
const optional = <S extends Schema.Constraint>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))

/** What is read of a Hugging Face `config.json`. */
const ConfigFile = Schema.Struct({
  model_type: Schema.String,
  vocab_size: Size,
  hidden_size: Size,
  intermediate_size: Size,
  num_hidden_layers: Size,
  num_attention_heads: Size,
  num_key_value_heads: optional(Size),
  head_dim: optional(Size),
  max_position_embeddings: Size,
  rope_theta: optional(Schema.Finite),
  rope_scaling: optional(Schema.Unknown),
  rope_parameters: optional(
    Schema.Struct({ rope_theta: optional(Schema.Finite), rope_type: optional(Schema.String) })
  ),
  rms_norm_eps: Schema.Finite,
  hidden_act: optional(Schema.String),
  attention_bias: optional(Schema.Boolean),
  mlp_bias: optional(Schema.Boolean),
  tie_word_embeddings: optional(Schema.Boolean),
  bos_token_id: optional(TokenId),
  eos_token_id: optional(Schema.Union([TokenId, Schema.Array(TokenId)])),
  pad_token_id: optional(TokenId)
})

const hint =
  "Use a model of the Llama architecture in Hugging Face's layout, without biases or scaled positions."

/** Why a decoder cannot be built from `file`; undefined where it can. */
const unsupported = (file: typeof ConfigFile.Type): string | undefined => {
  const keyValueHeads = file.num_key_value_heads ?? file.num_attention_heads
  const headSize = file.head_dim ?? file.hidden_size / file.num_attention_heads
  const ropeType = file.rope_parameters?.rope_type ?? "default"
  if (file.model_type !== "llama") return `model_type is "${file.model_type}", not "llama"`
  if ((file.hidden_act ?? "silu") !== "silu") return `hidden_act is "${file.hidden_act}", not "silu"`
  if (file.attention_bias === true) return "attention_bias is true"
  if (file.mlp_bias === true) return "mlp_bias is true"
  if ((file.rope_scaling ?? undefined) !== undefined) return "rope_scaling is set"
  if (ropeType !== "default") return `rope_parameters.rope_type is "${ropeType}", not "default"`
  if (file.num_attention_heads % keyValueHeads !== 0) {
    return `${file.num_attention_heads} num_attention_heads are no multiple of ${keyValueHeads} num_key_value_heads`
  }
  if (headSize % 4 !== 0) return `the head size ${headSize} is not a multiple of 4`
  return undefined
}

/** Reads a decoder's `config.json`. */
export const readDecoderConfig = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<DecoderConfig, ModelError> {
  const file = yield* readJson(ConfigFile, path, hint)
  const problem = unsupported(file)
  if (problem !== undefined) {
    return yield* new ModelError({ message: `${path}: ${problem}.`, hint, path })
  }
  const end = file.eos_token_id ?? []
  return {
    modelType: "llama",
    vocabularySize: file.vocab_size,
    hiddenSize: file.hidden_size,
    intermediateSize: file.intermediate_size,
    layers: file.num_hidden_layers,
    heads: file.num_attention_heads,
    keyValueHeads: file.num_key_value_heads ?? file.num_attention_heads,
    headSize: file.head_dim ?? file.hidden_size / file.num_attention_heads,
    maximumPositions: file.max_position_embeddings,
    rope: { theta: file.rope_parameters?.rope_theta ?? file.rope_theta ?? 10_000 },
    rmsNormEpsilon: file.rms_norm_eps,
    tiedEmbeddings: file.tie_word_embeddings ?? false,
    biases: [],
    queryKeyNorm: false,
    fusedProjections: false,
    ...(typeof file.bos_token_id === "number" ? { beginToken: file.bos_token_id } : {}),
    endTokens: typeof end === "number" ? [end] : end,
    ...(typeof file.pad_token_id === "number" ? { padToken: file.pad_token_id } : {})
  }
})

/** The contents of a `config.json` that Hugging Face's transformers load. */
export const decoderConfigFile = (config: DecoderConfig): Readonly<Record<string, unknown>> => ({
  architectures: ["LlamaForCausalLM"],
  model_type: "llama",
  vocab_size: config.vocabularySize,
  hidden_size: config.hiddenSize,
  intermediate_size: config.intermediateSize,
  num_hidden_layers: config.layers,
  num_attention_heads: config.heads,
  num_key_value_heads: config.keyValueHeads,
  head_dim: config.headSize,
  max_position_embeddings: config.maximumPositions,
  rope_theta: config.rope.theta,
  rms_norm_eps: config.rmsNormEpsilon,
  hidden_act: "silu",
  attention_bias: false,
  mlp_bias: false,
  tie_word_embeddings: config.tiedEmbeddings,
  bos_token_id: config.beginToken ?? null,
  eos_token_id: config.endTokens.length === 1 ? config.endTokens[0] : config.endTokens,
  pad_token_id: config.padToken ?? null
})
