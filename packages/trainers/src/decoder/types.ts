import type * as tf from "@tensorflow/tfjs"

/** The shape of a Llama decoder; sizes in features or tokens. */
export interface DecoderConfig {
  readonly vocabularySize: number
  readonly hiddenSize: number
  readonly intermediateSize: number
  readonly layers: number
  readonly heads: number
  /** Divides `heads`; fewer than `heads` is grouped-query attention. */
  readonly keyValueHeads: number
  readonly headSize: number
  readonly maximumPositions: number
  readonly ropeTheta: number
  readonly rmsNormEpsilon: number
  /** The output head is the embedding. */
  readonly tiedEmbeddings: boolean
  readonly beginToken?: number
  /** A completion is over when one of these is drawn. */
  readonly endTokens: ReadonlyArray<number>
  readonly padToken?: number
}

/** Tensors under Hugging Face's names, as in `model.layers.0.self_attn.q_proj.weight` `[out, in]`; `tf.Variable`s where trainable. */
export type Weights = Readonly<Record<string, tf.Tensor>>

/** A Llama decoder with its weights in the memory of the current TensorFlow.js backend. */
export interface Decoder {
  readonly config: DecoderConfig
  readonly weights: Weights
  dispose(): void
}

/** The linear layers that an adapter can change. */
export const adapterTargets = [
  "q_proj",
  "k_proj",
  "v_proj",
  "o_proj",
  "gate_proj",
  "up_proj",
  "down_proj"
] as const
export type AdapterTarget = (typeof adapterTargets)[number]

/** LoRA's settings (Hu et al. 2021): `W + (alpha / rank) B A`. */
export interface AdapterConfig {
  readonly rank: number
  readonly alpha: number
  readonly targets: ReadonlyArray<AdapterTarget>
}

/** A LoRA adapter of a decoder. */
export interface Adapter {
  readonly name: string
  readonly config: AdapterConfig
  /** `model.layers.0.self_attn.q_proj.lora_A.weight` `[rank, in]` and `...lora_B.weight` `[out, rank]`. */
  readonly variables: Readonly<Record<string, tf.Variable>>
  /** Counts the updates: whoever assigns to `variables` adds one, so that samplers merge the new weights. */
  revision: number
  dispose(): void
}

/**
 * Token sequences side by side, padded at the end; `[batch, time]` row by row.
 *
 * `targets[i]` is the token after `ids[i]`; `mask[i]` is 1 where its log-probability is wanted, else 0.
 */
export interface TokenBatch {
  readonly batch: number
  readonly time: number
  readonly ids: Int32Array
  readonly targets: Int32Array
  readonly mask: Float32Array
  /** Where a row is more than one sequence. */
  readonly branches?: Branches
}

/** Rows that begin with a shared trunk and go on with several branches, none of which sees another; `[batch, time]` row by row. */
export interface Branches {
  /** A token's position in its own sequence. */
  readonly positions: Int32Array
  /** 0 in the trunk, else the number of the branch. */
  readonly branch: Int32Array
}
