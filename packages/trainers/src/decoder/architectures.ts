import type { ConfigFile } from "./config-schema.ts"
import { allWindows, qwenWindows, qwenWindowsFile, windowFile } from "./sliding-windows.ts"
import type { DecoderConfig, LinearModule, ModelType } from "./types.ts"

/** What an architecture's `config.json` implies and what is particular to it. */
export interface Architecture {
  /** The name of the class in transformers. */
  readonly className: string
  /** Where the file has no `head_dim`; by default the hidden size is shared out among the heads. */
  readonly headSize?: number
  /** Where the file has no `num_key_value_heads`; by default as many as heads. */
  readonly keyValueHeads?: number
  readonly queryKeyNorm: boolean
  readonly fusedProjections: boolean
  /** Whether only the first of a head's features may be rotated. */
  readonly partialRotation: boolean
  readonly biases: (file: ConfigFile) => ReadonlyArray<LinearModule>
  readonly slidingWindows: (file: ConfigFile) => DecoderConfig["slidingWindows"]
  /** The keys of `config.json` that only some architectures have. */
  readonly file: (config: DecoderConfig) => Readonly<Record<string, unknown>>
}

const attentionBiases: ReadonlyArray<LinearModule> = ["q_proj", "k_proj", "v_proj", "o_proj"]
const feedForwardBiases: ReadonlyArray<LinearModule> = ["gate_proj", "up_proj", "down_proj"]
const plain = {
  queryKeyNorm: false,
  fusedProjections: false,
  partialRotation: false,
  biases: () => [],
  slidingWindows: () => undefined
}

/** The architectures by `model_type`. */
export const architectures: Readonly<Record<ModelType, Architecture>> = {
  llama: {
    ...plain,
    className: "LlamaForCausalLM",
    biases: (file) => [
      ...(file.attention_bias === true ? attentionBiases : []),
      ...(file.mlp_bias === true ? feedForwardBiases : [])
    ],
    file: ({ biases }) => ({
      attention_bias: biases.includes("o_proj"),
      mlp_bias: biases.includes("down_proj")
    })
  },
  mistral: {
    ...plain,
    className: "MistralForCausalLM",
    keyValueHeads: 8,
    slidingWindows: (file) => allWindows(file, 4096),
    file: windowFile
  },
  qwen2: {
    ...plain,
    className: "Qwen2ForCausalLM",
    keyValueHeads: 32,
    biases: () => ["q_proj", "k_proj", "v_proj"],
    slidingWindows: qwenWindows,
    file: qwenWindowsFile
  },
  qwen3: {
    ...plain,
    className: "Qwen3ForCausalLM",
    keyValueHeads: 32,
    headSize: 128,
    queryKeyNorm: true,
    biases: (file) => (file.attention_bias === true ? attentionBiases : []),
    slidingWindows: qwenWindows,
    file: (config) => ({
      attention_bias: config.biases.includes("o_proj"),
      ...qwenWindowsFile(config)
    })
  },
  phi3: {
    ...plain,
    className: "Phi3ForCausalLM",
    fusedProjections: true,
    partialRotation: true,
    slidingWindows: (file) => allWindows(file),
    file: windowFile
  }
}
