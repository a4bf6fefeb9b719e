import type { DecoderConfig } from "../decoder/types.ts"
import { attendRows } from "./attend-rows.ts"
import type { Heap } from "./heap.ts"
import { type LayerProducts, rowSizes } from "./layout.ts"
import { addLowRank } from "./low-rank.ts"
import { copyColumn, type Multiplier, multiply, type PackedMatrix } from "./packed-matrix.ts"
import type { PackedLayer, PackedWeights } from "./packed-weights.ts"
import { type Run, runsOf } from "./runs.ts"
import type { Stretch } from "./stretch.ts"
import type { WorkSpace } from "./work-space.ts"

/** One token to decode: its weights, its place, where its keys and values go, and what it attends to (itself included). */
export interface DecodeRow {
  readonly weights: PackedWeights
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

/** What decoding needs besides the rows. */
export interface DecodeContext extends Multiplier {
  readonly config: DecoderConfig
  readonly heap: Heap
  readonly space: WorkSpace
}

/** Moves the rows whose logits are wanted to the front of stream and projections. */
const keepWanted = (
  { config, heap, space }: DecodeContext,
  rows: ReadonlyArray<DecodeRow>
): ReadonlyArray<DecodeRow> => {
  const sizes = rowSizes(config)
  const floats = heap.floats()
  const kept: Array<DecodeRow> = []
  rows.forEach((row, i) => {
    if (!row.wanted) return
    const to = kept.push(row) - 1
    if (to === i) return
    const move = (block: number, size: number) =>
      floats.copyWithin(block / 4 + to * size, block / 4 + i * size, block / 4 + (i + 1) * size)
    move(space.stream, sizes.stream)
    move(space.projected, sizes.queriesKeysValues)
  })
  return kept
}

/**
 * Runs at most `maximumRows` tokens through the decoder, writes their keys and values, and hands on where the logits of each wanted
 * row lie, by its number among the wanted rows; they stay there for that call only. The rows of one sequence stand in the order of
 * their positions; rows that share weights are best next to one another.
 */
export const decodeRows = (
  context: DecodeContext,
  rows: ReadonlyArray<DecodeRow>,
  onLogits: (row: number, logits: number) => void
): void => {
  const { config, kernels, heap, space } = context
  const sizes = rowSizes(config)
  const streamBytes = sizes.stream * 4
  const longest = rows.reduce((most, { position }) => Math.max(most, position + 1), 0)
  const tables = space.tables(longest)

  const floats = heap.floats()
  rows.forEach(({ weights, token }, i) => {
    const at = space.stream + i * streamBytes
    copyColumn(heap, weights.embeddings, token, at)
    floats.fill(0, at / 4 + config.hiddenSize, at / 4 + sizes.stream)
  })

  let active = rows
  let runs = runsOf(active)
  const normalize = (scaleOf: (weights: PackedWeights) => number) => {
    for (const { weights, from, count } of runs) {
      const x = space.stream + from * streamBytes
      const y = space.normal + from * streamBytes
      kernels.normalize(x, scaleOf(weights), y, streamBytes, count, config.hiddenSize, config.rmsNormEpsilon)
    }
  }
  /** y = x W, or y += x W; of neighbours that share W at once. */
  const product = (
    matrixOf: (weights: PackedWeights) => PackedMatrix,
    x: number,
    xBytes: number,
    y: number,
    yBytes: number,
    add: boolean
  ) => {
    let next = 0
    while (next < runs.length) {
      const first = runs[next]
      if (first === undefined) break
      const matrix = matrixOf(first.weights)
      let { count } = first
      for (next++; ; next++) {
        const run: Run | undefined = runs[next]
        if (run === undefined || matrixOf(run.weights) !== matrix) break
        count += run.count
      }
      const { from } = first
      multiply(context, matrix, x + from * xBytes, xBytes, y + from * yBytes, yBytes, count, add)
    }
  }
  const layerProduct = (
    layer: number,
    key: keyof LayerProducts<unknown>,
    x: number,
    xBytes: number,
    y: number,
    yBytes: number,
    add: boolean
  ) => {
    const of = (weights: PackedWeights): PackedLayer => {
      const found = weights.layers[layer]
      if (found === undefined) throw new Error(`The packed weights have no layer ${layer}.`)
      return found
    }
    product((weights) => of(weights)[key].matrix, x, xBytes, y, yBytes, add)
    for (const { weights, from, count } of runs) {
      const { bias, lowRank, matrix } = of(weights)[key]
      const to = y + from * yBytes
      if (bias !== undefined) kernels.addToRows(bias, to, yBytes, count, matrix.panels * 32)
      if (lowRank !== undefined) {
        const between = space.lowRank(weights.lowRankWidth)
        addLowRank(context, lowRank, x + from * xBytes, xBytes, between, to, yBytes, count)
      }
    }
  }

  const projectedBytes = sizes.queriesKeysValues * 4
  const expandedBytes = 2 * sizes.intermediate * 4
  const activatedBytes = sizes.intermediate * 4
  for (let layer = 0; layer < config.layers; layer++) {
    normalize((weights) => weights.layers[layer]?.attentionNorm ?? 0)
    layerProduct(
      layer,
      "queriesKeysValues",
      space.normal,
      streamBytes,
      space.projected,
      projectedBytes,
      false
    )
    attendRows(context, tables, layer, active, () => {
      if (layer < config.layers - 1) return active
      // Beyond the last keys and values, only the rows whose logits are wanted matter.
      active = keepWanted(context, active)
      runs = runsOf(active)
      return active
    })
    layerProduct(layer, "output", space.attended, sizes.queries * 4, space.stream, streamBytes, true)
    normalize((weights) => weights.layers[layer]?.feedForwardNorm ?? 0)
    layerProduct(layer, "gateUp", space.normal, streamBytes, space.expanded, expandedBytes, false)
    kernels.activate(space.expanded, expandedBytes, space.activated, active.length, activatedBytes)
    layerProduct(layer, "down", space.activated, activatedBytes, space.stream, streamBytes, true)
  }
  normalize(({ lastNorm }) => lastNorm)

  const logitBytes = sizes.logits * 4
  for (let from = 0; from < active.length; from += space.logitRows) {
    const count = Math.min(space.logitRows, active.length - from)
    runs = runsOf(active.slice(from, from + count))
    product(
      ({ head }) => head,
      space.normal + from * streamBytes,
      streamBytes,
      space.logits,
      logitBytes,
      false
    )
    for (let row = 0; row < count; row++) onLogits(from + row, space.logits + row * logitBytes)
  }
}
