import type { DecoderConfig, LinearModule } from "./types.ts"

const separate = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"] as const
const fused = ["qkv_proj", "o_proj", "gate_up_proj", "down_proj"] as const

/** The linear modules of a decoder's layers, in the order of the forward pass: what LoRA changes by default. */
export const linearModules = (config: DecoderConfig): ReadonlyArray<LinearModule> =>
  config.fusedProjections ? fused : separate

const ofAttention = (module: LinearModule): boolean =>
  module === "q_proj" ||
  module === "k_proj" ||
  module === "v_proj" ||
  module === "qkv_proj" ||
  module === "o_proj"

/** The name of a layer's linear module, as in `model.layers.0.mlp.up_proj`. */
export const moduleName = (layer: number, module: LinearModule): string =>
  `model.layers.${layer}.${ofAttention(module) ? "self_attn" : "mlp"}.${module}`

/** The shape `[out, in]` of a linear module's weight; its bias, where it has one, is `[out]`. */
export const moduleShape = (config: DecoderConfig, module: LinearModule): readonly [number, number] => {
  const queries = config.heads * config.headSize
  const keys = config.keyValueHeads * config.headSize
  switch (module) {
    case "q_proj":
      return [queries, config.hiddenSize]
    case "k_proj":
    case "v_proj":
      return [keys, config.hiddenSize]
    case "qkv_proj":
      return [queries + 2 * keys, config.hiddenSize]
    case "o_proj":
      return [config.hiddenSize, queries]
    case "gate_proj":
    case "up_proj":
      return [config.intermediateSize, config.hiddenSize]
    case "gate_up_proj":
      return [2 * config.intermediateSize, config.hiddenSize]
    case "down_proj":
      return [config.hiddenSize, config.intermediateSize]
  }
}

/** The name of the output head's weight: the embedding's where the two are tied. */
export const headName = (config: DecoderConfig): string =>
  config.tiedEmbeddings ? "model.embed_tokens.weight" : "lm_head.weight"

/** Name and shape of every weight of a decoder, in the order of the forward pass. */
export const weightShapes = (config: DecoderConfig): ReadonlyMap<string, ReadonlyArray<number>> => {
  const shapes = new Map<string, ReadonlyArray<number>>()
  shapes.set("model.embed_tokens.weight", [config.vocabularySize, config.hiddenSize])
  for (let layer = 0; layer < config.layers; layer++) {
    const add = (modules: ReadonlyArray<LinearModule>) => {
      for (const module of modules) {
        const [outputs, inputs] = moduleShape(config, module)
        shapes.set(`${moduleName(layer, module)}.weight`, [outputs, inputs])
        if (config.biases.includes(module)) shapes.set(`${moduleName(layer, module)}.bias`, [outputs])
      }
    }
    const modules = linearModules(config)
    shapes.set(`model.layers.${layer}.input_layernorm.weight`, [config.hiddenSize])
    add(modules.filter(ofAttention))
    if (config.queryKeyNorm) {
      shapes.set(`model.layers.${layer}.self_attn.q_norm.weight`, [config.headSize])
      shapes.set(`model.layers.${layer}.self_attn.k_norm.weight`, [config.headSize])
    }
    shapes.set(`model.layers.${layer}.post_attention_layernorm.weight`, [config.hiddenSize])
    add(modules.filter((module) => !ofAttention(module)))
  }
  shapes.set("model.norm.weight", [config.hiddenSize])
  if (!config.tiedEmbeddings) shapes.set("lm_head.weight", [config.vocabularySize, config.hiddenSize])
  return shapes
}
