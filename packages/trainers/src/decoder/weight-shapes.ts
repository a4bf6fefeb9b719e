import type { AdapterTarget, DecoderConfig } from "./types.ts"

/** The name of a layer's linear module, as in `model.layers.0.mlp.up_proj`. */
export const moduleName = (layer: number, target: AdapterTarget): string => {
  const block = target === "q_proj" || target === "k_proj" || target === "v_proj" || target === "o_proj"
  return `model.layers.${layer}.${block ? "self_attn" : "mlp"}.${target}`
}

/** The shape `[out, in]` of a linear module's weight. */
export const moduleShape = (config: DecoderConfig, target: AdapterTarget): readonly [number, number] => {
  const queries = config.heads * config.headSize
  const keys = config.keyValueHeads * config.headSize
  switch (target) {
    case "q_proj":
      return [queries, config.hiddenSize]
    case "k_proj":
    case "v_proj":
      return [keys, config.hiddenSize]
    case "o_proj":
      return [config.hiddenSize, queries]
    case "gate_proj":
    case "up_proj":
      return [config.intermediateSize, config.hiddenSize]
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
    const linear = (target: AdapterTarget) =>
      shapes.set(`${moduleName(layer, target)}.weight`, moduleShape(config, target))
    shapes.set(`model.layers.${layer}.input_layernorm.weight`, [config.hiddenSize])
    linear("q_proj")
    linear("k_proj")
    linear("v_proj")
    linear("o_proj")
    shapes.set(`model.layers.${layer}.post_attention_layernorm.weight`, [config.hiddenSize])
    linear("gate_proj")
    linear("up_proj")
    linear("down_proj")
  }
  shapes.set("model.norm.weight", [config.hiddenSize])
  if (!config.tiedEmbeddings) shapes.set("lm_head.weight", [config.vocabularySize, config.hiddenSize])
  return shapes
}
