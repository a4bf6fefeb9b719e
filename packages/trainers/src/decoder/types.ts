import type * as tf from "@tensorflow/tfjs"

/** The architectures, by the `model_type` of Hugging Face's `config.json`. */
export const modelTypes = ["llama", "mistral", "qwen2", "qwen3", "phi3"] as const
export type ModelType = (typeof modelTypes)[number]

/** The linear modules of a decoder's layers, in the order of the forward pass. */
export const linearModuleNames = [
  "q_proj",
  "k_proj",
  "v_proj",
  "qkv_proj",
  "o_proj",
  "gate_proj",
  "up_proj",
  "gate_up_proj",
  "down_proj"
] as const
export type LinearModule = (typeof linearModuleNames)[number]

/** What a decoder is made of; sizes in features or tokens. */
export interface DecoderConfig {
  /** What `config.json` calls the architecture. The parts are chosen by the other fields alone. */
  readonly modelType: ModelType
  readonly vocabularySize: number
  readonly hiddenSize: number
  readonly intermediateSize: number
  readonly layers: number
  readonly heads: number
  /** Divides `heads`; fewer than `heads` is grouped-query attention. */
  readonly keyValueHeads: number
  /** Even. */
  readonly headSize: number
  readonly maximumPositions: number
  /** How many positions the model can be loaded for, where that is more than the maximum. */
  readonly extendedPositions?: number
  readonly rope: RopeConfig
  readonly rmsNormEpsilon: number
  /** The output head is the embedding. */
  readonly tiedEmbeddings: boolean
  /** The linear modules that add a `.bias`. */
  readonly biases: ReadonlyArray<LinearModule>
  /** Each head's queries and keys pass an RMS norm before they are rotated (Qwen3). */
  readonly queryKeyNorm: boolean
  /** One matrix makes queries, keys and values, another one gate and up (Phi-3). */
  readonly fusedProjections: boolean
  /** By layer: how many positions a token sees, itself included; undefined: all. */
  readonly slidingWindows?: ReadonlyArray<number | undefined>
  readonly beginToken?: number
  /** A completion is over when one of these is drawn. */
  readonly endTokens: ReadonlyArray<number>
  readonly padToken?: number
}

/** Rotary position embeddings (Su et al. 2021). */
export interface RopeConfig {
  readonly theta: number
  /** How many of a head's features are rotated, the first ones; by default all. */
  readonly rotatedFeatures?: number
  readonly scaling?: RopeScaling
}

/** How the angles of a model that was trained on fewer positions are stretched. */
export type RopeScaling = LinearRope | Llama3Rope | YarnRope | LongRope

/** Every frequency divided by `factor` (Chen et al. 2023). */
export interface LinearRope {
  readonly kind: "linear"
  readonly factor: number
}

/** Low frequencies divided by `factor`, high ones kept, those between blended (Llama 3.1). */
export interface Llama3Rope {
  readonly kind: "llama3"
  readonly factor: number
  readonly lowFrequencyFactor: number
  readonly highFrequencyFactor: number
  readonly originalPositions: number
}

/** Frequencies blended by how often they turn within the original positions (Peng et al. 2023). */
export interface YarnRope {
  readonly kind: "yarn"
  readonly factor: number
  readonly originalPositions: number
  /** Frequencies that turn more often are kept. */
  readonly betaFast: number
  /** Frequencies that turn less often are divided by `factor`. */
  readonly betaSlow: number
  /** Multiplies cosines and sines. */
  readonly attentionFactor: number
}

/** A divisor for each frequency: one list for up to the original positions, one for more (Ding et al. 2024). */
export interface LongRope {
  readonly kind: "longrope"
  readonly shortFactors: ReadonlyArray<number>
  readonly longFactors: ReadonlyArray<number>
  readonly originalPositions: number
  /** Multiplies cosines and sines. */
  readonly attentionFactor: number
}

/** Tensors under Hugging Face's names, as in `model.layers.0.self_attn.q_proj.weight` `[out, in]`; `tf.Variable`s where trainable. */
export type Weights = Readonly<Record<string, tf.Tensor>>

/** A decoder with its weights in the memory of the current TensorFlow.js backend. */
export interface Decoder {
  readonly config: DecoderConfig
  readonly weights: Weights
  dispose(): void
}

/** LoRA's settings (Hu et al. 2021): `W + (alpha / rank) B A`. */
export interface LoraConfig {
  readonly kind: "lora"
  readonly rank: number
  readonly alpha: number
  /** The share of a module's inputs that training leaves out of the low-rank change, at random. */
  readonly dropout: number
  readonly targets: ReadonlyArray<LinearModule>
}

/** Trains the weights of the last layers. */
export interface LastLayersConfig {
  readonly kind: "layers"
  readonly last: number
}

/** Trains every weight. */
export interface FullConfig {
  readonly kind: "full"
}

/** What is trained. */
export type AdapterConfig = LoraConfig | LastLayersConfig | FullConfig

/** What was learned on top of a decoder. */
export interface Adapter {
  readonly name: string
  readonly config: AdapterConfig
  /**
   * LoRA's `model.layers.0.self_attn.q_proj.lora_A.weight` `[rank, in]` and `...lora_B.weight` `[out, rank]`; where whole weights are
   * trained, what stands in for the decoder's weight of the same name.
   */
  readonly variables: Readonly<Record<string, tf.Variable>>
  /** What a training step makes of the inputs of the module so named, before LoRA's change sees them; absent at any other time. */
  readonly dropout?: (x: tf.Tensor, module: string) => tf.Tensor
  /** Counts the updates: whoever assigns to `variables` adds one, so that samplers read the new weights. */
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
