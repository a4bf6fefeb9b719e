import type { DecoderConfig } from "../decoder/types.ts"
import type { Heap } from "./heap.ts"
import { rowSizes } from "./layout.ts"

/** Keys and values of a run of positions for every layer: `[layer][keys, values][capacity][keyValueHeads * head]`. */
export interface Stretch {
  readonly block: number
  readonly capacity: number
}

/** Bytes of the keys and values of `positions` positions. */
export const stretchBytes = (config: DecoderConfig, positions: number): number =>
  config.layers * 2 * positions * rowSizes(config).keys * 4

/** Copies the keys and values of the first `count` positions of every layer from one stretch to another. */
export const copyPositions = (
  config: DecoderConfig,
  heap: Heap,
  from: Stretch,
  to: Stretch,
  count: number
): void => {
  const { keys } = rowSizes(config)
  const floats = heap.floats()
  for (let half = 0; half < 2 * config.layers; half++) {
    const start = from.block / 4 + half * from.capacity * keys
    floats.copyWithin(to.block / 4 + half * to.capacity * keys, start, start + count * keys)
  }
}
