import { tableOf } from "../decoder/row-table.ts"
import type { Adapter, Decoder } from "../decoder/types.ts"
import type { Heap } from "./heap.ts"
import { hostValues } from "./host-values.ts"
import { areHalves, type MatrixShape, type PackedMatrix, type Part, packMatrix } from "./packed-matrix.ts"

/** A weight by its name, with the number of its first output where several stand side by side. */
export interface PlacedWeight {
  readonly name: string
  readonly from: number
}

/** Packs single weights, one after the other, but for those that the adapter leaves alone, which are shared. */
export interface Packer {
  /** What was taken of the heap so far. */
  readonly blocks: Array<number>
  vector(
    weights: ReadonlyArray<PlacedWeight>,
    columns: number,
    place: (index: number) => number,
    shared: number | undefined
  ): Promise<number>
  matrix(
    weights: ReadonlyArray<PlacedWeight>,
    shape: MatrixShape,
    shared: PackedMatrix | undefined
  ): Promise<PackedMatrix>
}

/** A packer of the weights that hold with an adapter; `halves`: matrices of bfloat16 numbers are stored as such. */
export const makePacker = (
  decoder: Decoder,
  heap: Heap,
  adapter: Adapter | undefined,
  halves: boolean
): Packer => {
  const blocks: Array<number> = []
  const isOwn = ({ name }: PlacedWeight): boolean => adapter?.variables[name] !== undefined
  const read = async (weights: ReadonlyArray<PlacedWeight>): Promise<ReadonlyArray<Part>> => {
    const parts: Array<Part> = []
    for (const { name, from } of weights) {
      let start = from
      for (const tensor of tableOf(decoder, adapter, name)) {
        const [outputs = 1, inputs = 1] = tensor.shape
        parts.push({ values: await hostValues(tensor), inputs, from: start })
        start += outputs
      }
    }
    return parts
  }
  return {
    blocks,
    vector: async (weights, columns, place, shared) => {
      if (shared !== undefined && !weights.some(isOwn)) return shared
      const parts = await read(weights)
      const block = heap.allocate(columns * 4)
      blocks.push(block)
      const floats = heap.floats()
      floats.fill(0, block / 4, block / 4 + columns)
      for (const { values, from } of parts) {
        values.forEach((value, i) => {
          floats[block / 4 + place(from + i)] = value
        })
      }
      return block
    },
    matrix: async (weights, shape, shared) => {
      if (shared !== undefined && !weights.some(isOwn)) return shared
      const parts = await read(weights)
      const packed = packMatrix(heap, shape, parts, halves && parts.every(({ values }) => areHalves(values)))
      blocks.push(packed.block)
      return packed
    }
  }
}
