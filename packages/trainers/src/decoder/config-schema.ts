import { Schema } from "effect"

const Size = Schema.Int.check(Schema.isGreaterThan(0))
const Positive = Schema.Finite.check(Schema.isGreaterThan(0))
const TokenId = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))
const optional = <S extends Schema.Constraint>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))

/** One token or several. */
export const TokenIds = Schema.Union([TokenId, Schema.Array(TokenId)])

/** The settings of rotary positions: transformers 4 calls them `rope_scaling`, transformers 5 `rope_parameters`. */
export const RopeFile = Schema.Struct({
  rope_type: optional(Schema.String),
  /** What older files call `rope_type`. */
  type: optional(Schema.String),
  rope_theta: optional(Positive),
  partial_rotary_factor: optional(Positive),
  factor: optional(Positive),
  original_max_position_embeddings: optional(Size),
  low_freq_factor: optional(Positive),
  high_freq_factor: optional(Positive),
  beta_fast: optional(Positive),
  beta_slow: optional(Positive),
  truncate: optional(Schema.Boolean),
  mscale: optional(Schema.Finite),
  mscale_all_dim: optional(Schema.Finite),
  attention_factor: optional(Positive),
  short_factor: optional(Schema.Array(Positive)),
  long_factor: optional(Schema.Array(Positive)),
  /** Settings of their own for some of the layers. */
  full_attention: optional(Schema.Unknown),
  sliding_attention: optional(Schema.Unknown)
})

/** What is read of a Hugging Face `config.json`. */
export const ConfigFile = Schema.Struct({
  model_type: Schema.String,
  vocab_size: Size,
  hidden_size: Size,
  intermediate_size: Size,
  num_hidden_layers: Size,
  num_attention_heads: Size,
  num_key_value_heads: optional(Size),
  head_dim: optional(Size),
  max_position_embeddings: Size,
  original_max_position_embeddings: optional(Size),
  rope_theta: optional(Positive),
  partial_rotary_factor: optional(Positive),
  rope_scaling: optional(RopeFile),
  rope_parameters: optional(RopeFile),
  rms_norm_eps: Schema.Finite,
  hidden_act: optional(Schema.String),
  attention_bias: optional(Schema.Boolean),
  mlp_bias: optional(Schema.Boolean),
  sliding_window: optional(Size),
  use_sliding_window: optional(Schema.Boolean),
  max_window_layers: optional(Schema.Int),
  layer_types: optional(Schema.Array(Schema.String)),
  quantization_config: optional(Schema.Unknown),
  tie_word_embeddings: optional(Schema.Boolean),
  bos_token_id: optional(TokenId),
  eos_token_id: optional(TokenIds),
  pad_token_id: optional(TokenId)
})
export type ConfigFile = typeof ConfigFile.Type
