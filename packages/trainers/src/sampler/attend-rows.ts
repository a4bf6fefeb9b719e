import { rotatedFeatures } from "../decoder/rope-frequencies.ts"
import type { DecodeContext, DecodeRow } from "./decode-rows.ts"
import { rowSizes } from "./layout.ts"
import type { Stretch } from "./stretch.ts"
import type { PositionTables } from "./work-space.ts"

/**
 * A layer's attention: normalises and rotates the rows' queries and keys, writes keys and values into the stretches, then has the
 * rows that `kept` returns attend to them.
 */
export const attendRows = (
  { config, kernels, space }: DecodeContext,
  { cosines, sines, scores }: PositionTables,
  layer: number,
  rows: ReadonlyArray<DecodeRow>,
  kept: () => ReadonlyArray<DecodeRow>
): void => {
  const sizes = rowSizes(config)
  const projectedBytes = sizes.queriesKeysValues * 4
  const headBytes = sizes.head * 4
  const keyBytes = sizes.keys * 4
  const half = rotatedFeatures(config) / 2
  const keysOf = ({ block, capacity }: Stretch) => block + layer * 2 * capacity * keyBytes

  rows.forEach(({ weights, position, stretch, index }, i) => {
    const queries = space.projected + i * projectedBytes
    const keys = queries + sizes.queries * 4
    const { queryNorm, keyNorm } = weights.layers[layer] ?? {}
    const normalize = (x: number, scale: number, heads: number) =>
      kernels.normalize(x, scale, x, headBytes, heads, config.headSize, config.rmsNormEpsilon)
    if (queryNorm !== undefined) normalize(queries, queryNorm, config.heads)
    if (keyNorm !== undefined) normalize(keys, keyNorm, config.keyValueHeads)
    const angle = position * half * 4
    kernels.rotate(
      queries,
      config.heads + config.keyValueHeads,
      headBytes,
      half,
      cosines + angle,
      sines + angle
    )
    const to = keysOf(stretch) + index * keyBytes
    kernels.copy(to, keys, keyBytes)
    kernels.copy(to + stretch.capacity * keyBytes, keys + keyBytes, keyBytes)
  })

  const group = config.heads / config.keyValueHeads
  const factor = 1 / Math.sqrt(config.headSize)
  const window = config.slidingWindows?.[layer] ?? Number.POSITIVE_INFINITY
  kept().forEach(({ position, stretch, index, shared }, i) => {
    // Positions that have slid out of the window are left out from the front.
    const hidden = Math.max(0, position + 1 - window)
    const sharedHidden = Math.min(hidden, shared?.capacity ?? 0)
    const ownHidden = hidden - sharedHidden
    const other = (shared === undefined ? 0 : keysOf(shared)) + sharedHidden * keyBytes
    const own = keysOf(stretch) + ownHidden * keyBytes
    kernels.attend(
      space.projected + i * projectedBytes,
      space.attended + i * sizes.queries * 4,
      config.keyValueHeads,
      group,
      sizes.head,
      other,
      other + (shared?.capacity ?? 0) * keyBytes,
      (shared?.capacity ?? 0) - sharedHidden,
      own,
      own + stretch.capacity * keyBytes,
      index + 1 - ownHidden,
      scores,
      factor
    )
  })
}
