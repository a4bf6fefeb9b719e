import type * as tf from "@tensorflow/tfjs"
import { rotaryAngles } from "../decoder/rotary.ts"
import type { Adapter, Decoder, DecoderConfig, LinearModule } from "../decoder/types.ts"
import { weightOf } from "../decoder/weight.ts"
import { headName, linearModules, moduleName, moduleShape } from "../decoder/weight-shapes.ts"
import type { Heap } from "./heap.ts"

/** Columns of a panel of packed weights. */
export const panelWidth = 8

/** `count` rounded up to whole panels. */
export const padded = (count: number): number => Math.ceil(count / panelWidth) * panelWidth

/** Where the weights lie that adapters share: pointers into the heap. */
export interface PackedBase {
  readonly config: DecoderConfig
  /** Rows of token embeddings on the host, `[vocabularySize, hiddenSize]`. */
  readonly embeddings: Float32Array
  /** The base's linear weights on the host, for merging. */
  readonly linear: ReadonlyMap<string, Float32Array>
  readonly attentionNorms: ReadonlyArray<number>
  readonly feedForwardNorms: ReadonlyArray<number>
  readonly lastNorm: number
  readonly head: number
  readonly cosines: number
  readonly sines: number
}

/** A layer's linear weights with an adapter merged in, packed: queries, keys and values side by side, gate and up likewise. */
export interface PackedLayer {
  readonly queriesKeysValues: number
  readonly output: number
  readonly gateUp: number
  readonly down: number
}

const read = async (tensor: tf.Tensor): Promise<Float32Array> => Float32Array.from(await tensor.data())

/** Puts a weight `[outputs, inputs]` into panels, from column `column` on. */
const pack = (
  to: Float32Array,
  block: number,
  column: number,
  values: Float32Array,
  outputs: number,
  inputs: number
): void => {
  const base = block / 4
  for (let output = 0; output < outputs; output++) {
    const at = column + output
    const start = base + Math.floor(at / panelWidth) * inputs * panelWidth + (at % panelWidth)
    for (let input = 0; input < inputs; input++) {
      to[start + input * panelWidth] = values[output * inputs + input] ?? 0
    }
  }
}

/** Copies a decoder's weights to where the kernels can use them. */
export const packBase = async (decoder: Decoder, heap: Heap): Promise<PackedBase> => {
  const { config } = decoder
  if (config.headSize % 4 !== 0) {
    throw new Error(`The sampler needs a head size that is a multiple of 4, not ${config.headSize}.`)
  }
  const vector = async (name: string): Promise<number> => {
    const values = await read(weightOf(decoder, undefined, name))
    const block = heap.allocate(padded(values.length) * 4)
    heap.floats().fill(0, block / 4, block / 4 + padded(values.length))
    heap.floats().set(values, block / 4)
    return block
  }
  const linear = new Map<string, Float32Array>()
  const attentionNorms: Array<number> = []
  const feedForwardNorms: Array<number> = []
  for (let layer = 0; layer < config.layers; layer++) {
    attentionNorms.push(await vector(`model.layers.${layer}.input_layernorm.weight`))
    feedForwardNorms.push(await vector(`model.layers.${layer}.post_attention_layernorm.weight`))
    for (const target of linearModules(config)) {
      const name = moduleName(layer, target)
      linear.set(name, await read(weightOf(decoder, undefined, `${name}.weight`)))
    }
  }
  const lastNorm = await vector("model.norm.weight")
  const headValues = await read(weightOf(decoder, undefined, headName(config)))
  const head = heap.allocate(padded(config.vocabularySize) * config.hiddenSize * 4)
  heap.floats().fill(0, head / 4, head / 4 + padded(config.vocabularySize) * config.hiddenSize)
  pack(heap.floats(), head, 0, headValues, config.vocabularySize, config.hiddenSize)
  const angles = rotaryAngles(config, config.maximumPositions)
  const cosines = heap.allocate(angles.cosines.byteLength)
  const sines = heap.allocate(angles.sines.byteLength)
  heap.floats().set(angles.cosines, cosines / 4)
  heap.floats().set(angles.sines, sines / 4)
  return {
    config,
    embeddings: config.tiedEmbeddings
      ? headValues
      : await read(weightOf(decoder, undefined, "model.embed_tokens.weight")),
    linear,
    attentionNorms,
    feedForwardNorms,
    lastNorm,
    head,
    cosines,
    sines
  }
}

/** `W + (alpha / rank) B A`, or W itself where the adapter leaves the module alone. */
const merged = async (
  base: PackedBase,
  adapter: Adapter | undefined,
  module: string,
  outputs: number,
  inputs: number
): Promise<Float32Array> => {
  const values = base.linear.get(module)
  if (values === undefined) throw new Error(`The decoder has no module ${module}.`)
  if (adapter?.config.kind !== "lora") return values
  const down = adapter.variables[`${module}.lora_A.weight`]
  const up = adapter.variables[`${module}.lora_B.weight`]
  if (down === undefined || up === undefined) return values
  const a = await read(down)
  const b = await read(up)
  const { rank, alpha } = adapter.config
  const scale = alpha / rank
  const result = values.slice()
  for (let output = 0; output < outputs; output++) {
    for (let r = 0; r < rank; r++) {
      const factor = scale * (b[output * rank + r] ?? 0)
      if (factor === 0) continue
      const row = output * inputs
      for (let input = 0; input < inputs; input++) {
        result[row + input] = (result[row + input] ?? 0) + factor * (a[r * inputs + input] ?? 0)
      }
    }
  }
  return result
}

/** Sizes of the rows that the kernels work on, in numbers. */
export const rowSizes = (config: DecoderConfig) => {
  const queries = config.heads * config.headSize
  const keys = config.keyValueHeads * config.headSize
  return {
    stream: padded(config.hiddenSize),
    queries,
    keys,
    queriesKeysValues: padded(queries + 2 * keys),
    intermediate: padded(config.intermediateSize),
    logits: padded(config.vocabularySize)
  }
}

/** Room for the packed weights of one adapter. */
export const allocateLayers = (config: DecoderConfig, heap: Heap): ReadonlyArray<PackedLayer> => {
  const sizes = rowSizes(config)
  return Array.from({ length: config.layers }, () => ({
    queriesKeysValues: heap.allocate(sizes.queriesKeysValues * config.hiddenSize * 4),
    output: heap.allocate(sizes.stream * sizes.queries * 4),
    gateUp: heap.allocate(2 * sizes.intermediate * config.hiddenSize * 4),
    down: heap.allocate(sizes.stream * config.intermediateSize * 4)
  }))
}

/** Gives that room back. */
export const freeLayers = (layers: ReadonlyArray<PackedLayer>, heap: Heap): void => {
  for (const { queriesKeysValues, output, gateUp, down } of layers) {
    for (const block of [queriesKeysValues, output, gateUp, down]) heap.free(block)
  }
}

/** Merges `adapter` into the base's weights, and packs the result into `layers`. */
export const packLayers = async (
  base: PackedBase,
  adapter: Adapter | undefined,
  layers: ReadonlyArray<PackedLayer>,
  heap: Heap
): Promise<void> => {
  const { config } = base
  const sizes = rowSizes(config)
  for (const [index, layer] of layers.entries()) {
    const put = async (target: LinearModule, block: number, column: number) => {
      const [outputs, inputs] = moduleShape(config, target)
      const values = await merged(base, adapter, moduleName(index, target), outputs, inputs)
      pack(heap.floats(), block, column, values, outputs, inputs)
    }
    const clear = (block: number, count: number) => heap.floats().fill(0, block / 4, block / 4 + count)
    clear(layer.queriesKeysValues, sizes.queriesKeysValues * config.hiddenSize)
    clear(layer.output, sizes.stream * sizes.queries)
    clear(layer.gateUp, 2 * sizes.intermediate * config.hiddenSize)
    clear(layer.down, sizes.stream * config.intermediateSize)
    await put("q_proj", layer.queriesKeysValues, 0)
    await put("k_proj", layer.queriesKeysValues, sizes.queries)
    await put("v_proj", layer.queriesKeysValues, sizes.queries + sizes.keys)
    await put("o_proj", layer.output, 0)
    await put("gate_proj", layer.gateUp, 0)
    await put("up_proj", layer.gateUp, sizes.intermediate)
    await put("down_proj", layer.down, 0)
  }
}
