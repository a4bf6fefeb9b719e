import type { DecoderConfig, LinearModule } from "../decoder/types.ts"

/** Columns of a panel of packed weights. */
export const panelWidth = 8

/** `count` rounded up to whole panels. */
export const padded = (count: number): number => Math.ceil(count / panelWidth) * panelWidth

/** Blocks of `size` numbers that begin `stride` numbers apart, padded with zeros. */
export interface Blocks {
  readonly size: number
  readonly stride: number
}

/** Where the `index`-th number of consecutive blocks lies. */
export const placeOf = ({ size, stride }: Blocks, index: number): number =>
  Math.floor(index / size) * stride + (index % size)

/** Sizes of the rows that the kernels work on, in numbers. Heads are padded to whole panels, so that each begins one. */
export const rowSizes = (config: DecoderConfig) => {
  const head = padded(config.headSize)
  const queries = config.heads * head
  const keys = config.keyValueHeads * head
  return {
    head,
    queries,
    keys,
    queriesKeysValues: queries + 2 * keys,
    stream: padded(config.hiddenSize),
    intermediate: padded(config.intermediateSize),
    logits: padded(config.vocabularySize)
  }
}

/** A module among those that one product computes. */
export interface PlacedModule {
  readonly module: LinearModule
  /** The number of the module's first output among the product's outputs. */
  readonly from: number
}

/** The linear modules that share their input, as one matrix with their outputs side by side. */
export interface Product {
  readonly modules: ReadonlyArray<PlacedModule>
  /** How inputs and outputs are spread over the rows that the kernels read and write. */
  readonly inputs: Blocks
  readonly outputs: Blocks
  /** Numbers of an input row that count, and columns, whole panels. */
  readonly inner: number
  readonly columns: number
}

/** The four products of a layer. */
export interface LayerProducts<A> {
  readonly queriesKeysValues: A
  readonly output: A
  readonly gateUp: A
  readonly down: A
}

/** How a decoder's linear modules are put together. */
export const layerProducts = (config: DecoderConfig): LayerProducts<Product> => {
  const sizes = rowSizes(config)
  const { hiddenSize, intermediateSize, headSize, fusedProjections: fused } = config
  const heads = { size: headSize, stride: sizes.head }
  const stream = { size: hiddenSize, stride: sizes.stream }
  const expanded = { size: intermediateSize, stride: sizes.intermediate }
  const queries = config.heads * headSize
  const keys = config.keyValueHeads * headSize
  return {
    queriesKeysValues: {
      modules: fused
        ? [{ module: "qkv_proj", from: 0 }]
        : [
            { module: "q_proj", from: 0 },
            { module: "k_proj", from: queries },
            { module: "v_proj", from: queries + keys }
          ],
      inputs: stream,
      outputs: heads,
      inner: hiddenSize,
      columns: sizes.queriesKeysValues
    },
    output: {
      modules: [{ module: "o_proj", from: 0 }],
      inputs: heads,
      outputs: stream,
      inner: sizes.queries,
      columns: sizes.stream
    },
    gateUp: {
      modules: fused
        ? [{ module: "gate_up_proj", from: 0 }]
        : [
            { module: "gate_proj", from: 0 },
            { module: "up_proj", from: intermediateSize }
          ],
      inputs: stream,
      outputs: expanded,
      inner: hiddenSize,
      columns: 2 * sizes.intermediate
    },
    down: {
      modules: [{ module: "down_proj", from: 0 }],
      inputs: expanded,
      outputs: stream,
      inner: intermediateSize,
      columns: sizes.stream
    }
  }
}
