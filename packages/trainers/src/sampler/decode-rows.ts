import type { DecoderConfig } from "../decoder/types.ts"
import type { Heap } from "./heap.ts"
import type { Kernels } from "./kernels.ts"
import { type PackedBase, type PackedLayer, panelWidth, rowSizes } from "./packed-decoder.ts"

/** Keys and values of a run of positions for every layer: `[layer][keys, values][capacity][keyValueHeads * headSize]`. */
export interface Stretch {
  readonly block: number
  readonly capacity: number
}

/** One token to decode: its place, where its keys and values go, and what it attends to (itself included). */
export interface DecodeRow {
  readonly token: number
  readonly position: number
  /** The stretch that this token's keys and values are written into, and where. */
  readonly stretch: Stretch
  readonly index: number
  /** Positions of a prompt that several samples share; none while the prompt itself is read. */
  readonly shared: Stretch | undefined
  /** Whether the next token's logits are wanted. */
  readonly wanted: boolean
}

/** Bytes of the keys and values of `positions` positions. */
export const stretchBytes = (config: DecoderConfig, positions: number): number =>
  config.layers * 2 * positions * config.keyValueHeads * config.headSize * 4

/** The most rows decoded at once; more are decoded in turns. */
export const maximumRows = 256

/** Working memory of `decodeRows`. */
export interface Scratch {
  readonly stream: number
  readonly normal: number
  readonly projected: number
  readonly attended: number
  readonly expanded: number
  readonly activated: number
  readonly scores: number
  /** Results: `[maximumRows, rowSizes.logits]`. */
  readonly logits: number
}

/** Working memory for `maximumRows` rows. */
export const allocateScratch = (config: DecoderConfig, heap: Heap): Scratch => {
  const sizes = rowSizes(config)
  const rows = (size: number) => heap.allocate(maximumRows * size * 4)
  return {
    stream: rows(sizes.stream),
    normal: rows(sizes.stream),
    projected: rows(sizes.queriesKeysValues),
    attended: rows(sizes.queries),
    expanded: rows(2 * sizes.intermediate),
    activated: rows(sizes.intermediate),
    scores: heap.allocate((config.maximumPositions + 4) * 4),
    logits: rows(sizes.logits)
  }
}

/** What decoding needs besides the rows. */
export interface DecodeContext {
  readonly kernels: Kernels
  readonly heap: Heap
  readonly base: PackedBase
  readonly scratch: Scratch
}

/** Copies the keys and values of the first `count` positions of every layer from one stretch to another. */
export const copyPositions = (
  { heap, base }: DecodeContext,
  from: Stretch,
  to: Stretch,
  count: number
): void => {
  const { keys } = rowSizes(base.config)
  const memory = heap.floats()
  for (let half = 0; half < 2 * base.config.layers; half++) {
    const start = from.block / 4 + half * from.capacity * keys
    memory.copyWithin(to.block / 4 + half * to.capacity * keys, start, start + count * keys)
  }
}

/**
 * Runs at most `maximumRows` tokens through the decoder, writes their keys and values, and leaves the logits of the wanted rows, in
 * order, in `scratch.logits`. The rows of one sequence stand in the order of their positions.
 */
export const decodeRows = (
  { kernels, heap, base, scratch }: DecodeContext,
  layers: ReadonlyArray<PackedLayer>,
  rows: ReadonlyArray<DecodeRow>
): void => {
  const { config } = base
  const sizes = rowSizes(config)
  const width = config.hiddenSize
  const streamBytes = sizes.stream * 4
  const projectedBytes = sizes.queriesKeysValues * 4
  const attendedBytes = sizes.queries * 4
  const keyBytes = sizes.keys * 4
  const half = config.headSize / 2
  const group = config.heads / config.keyValueHeads
  const factor = 1 / Math.sqrt(config.headSize)
  const memory = heap.floats()

  rows.forEach(({ token }, i) => {
    const at = scratch.stream / 4 + i * sizes.stream
    memory.set(base.embeddings.subarray(token * width, (token + 1) * width), at)
    memory.fill(0, at + width, at + sizes.stream)
  })

  let active = rows
  const normalize = (scale: number) =>
    kernels.normalize(
      scratch.stream,
      scale,
      scratch.normal,
      streamBytes,
      active.length,
      width,
      config.rmsNormEpsilon
    )

  for (const [index, layer] of layers.entries()) {
    normalize(base.attentionNorms[index] ?? 0)
    kernels.multiply(
      scratch.normal,
      streamBytes,
      layer.queriesKeysValues,
      scratch.projected,
      projectedBytes,
      active.length,
      width,
      sizes.queriesKeysValues / panelWidth,
      0
    )
    const keysOf = ({ block, capacity }: Stretch) => block + index * 2 * capacity * keyBytes
    active.forEach(({ position, stretch, index: place }, i) => {
      const projected = scratch.projected + i * projectedBytes
      const angle = position * half * 4
      const heads = config.heads + config.keyValueHeads
      kernels.rotate(projected, heads, half, base.cosines + angle, base.sines + angle)
      const from = projected / 4 + sizes.queries
      const keys = (keysOf(stretch) + place * keyBytes) / 4
      memory.copyWithin(keys, from, from + sizes.keys)
      memory.copyWithin(keys + stretch.capacity * sizes.keys, from + sizes.keys, from + 2 * sizes.keys)
    })
    if (index === layers.length - 1) {
      // Beyond the last keys and values, only the rows whose logits are wanted matter.
      const kept: Array<DecodeRow> = []
      active.forEach((row, i) => {
        if (!row.wanted) return
        const to = kept.push(row) - 1
        const move = (block: number, size: number) =>
          memory.copyWithin(block / 4 + to * size, block / 4 + i * size, block / 4 + (i + 1) * size)
        if (to === i) return
        move(scratch.stream, sizes.stream)
        move(scratch.projected, sizes.queriesKeysValues)
      })
      active = kept
    }
    active.forEach(({ stretch, index: place, shared }, i) => {
      const own = keysOf(stretch)
      const other = shared === undefined ? 0 : keysOf(shared)
      kernels.attend(
        scratch.projected + i * projectedBytes,
        scratch.attended + i * attendedBytes,
        config.keyValueHeads,
        group,
        config.headSize,
        other,
        other + (shared?.capacity ?? 0) * keyBytes,
        shared?.capacity ?? 0,
        own,
        own + stretch.capacity * keyBytes,
        place + 1,
        scratch.scores,
        factor
      )
    })
    kernels.multiply(
      scratch.attended,
      attendedBytes,
      layer.output,
      scratch.stream,
      streamBytes,
      active.length,
      sizes.queries,
      sizes.stream / panelWidth,
      1
    )
    normalize(base.feedForwardNorms[index] ?? 0)
    kernels.multiply(
      scratch.normal,
      streamBytes,
      layer.gateUp,
      scratch.expanded,
      sizes.intermediate * 8,
      active.length,
      width,
      (2 * sizes.intermediate) / panelWidth,
      0
    )
    kernels.activate(
      scratch.expanded,
      sizes.intermediate * 8,
      scratch.activated,
      active.length,
      sizes.intermediate * 4
    )
    kernels.multiply(
      scratch.activated,
      sizes.intermediate * 4,
      layer.down,
      scratch.stream,
      streamBytes,
      active.length,
      config.intermediateSize,
      sizes.stream / panelWidth,
      1
    )
  }
  normalize(base.lastNorm)
  kernels.multiply(
    scratch.normal,
    streamBytes,
    base.head,
    scratch.logits,
    sizes.logits * 4,
    active.length,
    width,
    sizes.logits / panelWidth,
    0
  )
}
