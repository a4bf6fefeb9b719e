import { rotaryAngles } from "../decoder/rotary.ts"
import type { DecoderConfig } from "../decoder/types.ts"
import type { Heap } from "./heap.ts"
import { rowSizes } from "./layout.ts"

/** The most rows decoded at once; more are decoded in turns. */
export const maximumRows = 256

/** Bytes that logits may take at once. */
const logitBytes = 32 * 2 ** 20

/** What depends on how long the longest sequence has become so far. */
export interface PositionTables {
  readonly positions: number
  readonly cosines: number
  readonly sines: number
  /** One head's attention scores. */
  readonly scores: number
}

/** Working memory of `decodeRows`, for `maximumRows` rows. */
export interface WorkSpace {
  readonly stream: number
  readonly normal: number
  readonly projected: number
  readonly attended: number
  readonly expanded: number
  readonly activated: number
  /** `[logitRows, rowSizes.logits]` */
  readonly logits: number
  readonly logitRows: number
  /** What becomes of one row of logits when a token is drawn from it. */
  readonly chances: number
  /** Tables for at least so many positions; they grow as they are asked for. */
  tables(positions: number): PositionTables
  /** Rows of at least `width` numbers between LoRA's A and B. */
  lowRank(width: number): number
}

/** Working memory for a decoder. */
export const makeWorkSpace = (config: DecoderConfig, heap: Heap): WorkSpace => {
  const sizes = rowSizes(config)
  const rows = (size: number) => heap.allocate(maximumRows * size * 4)
  const logitRows = Math.max(1, Math.min(maximumRows, Math.floor(logitBytes / (sizes.logits * 4))))
  let known: PositionTables | undefined
  let between = { block: 0, width: 0 }
  return {
    stream: rows(sizes.stream),
    normal: rows(sizes.stream),
    projected: rows(sizes.queriesKeysValues),
    attended: rows(sizes.queries),
    expanded: rows(2 * sizes.intermediate),
    activated: rows(sizes.intermediate),
    logits: heap.allocate(logitRows * sizes.logits * 4),
    logitRows,
    chances: heap.allocate(sizes.logits * 4),
    tables: (positions) => {
      if (known !== undefined && known.positions >= positions) return known
      // At least twice as many as before, for they are made anew each time.
      const count = Math.min(config.maximumPositions, Math.max(positions, 2 * (known?.positions ?? 128)))
      const angles = rotaryAngles(config, count)
      const old = known
      known = {
        positions: count,
        cosines: heap.allocate(angles.cosines.byteLength),
        sines: heap.allocate(angles.sines.byteLength),
        scores: heap.allocate((count + 4) * 4)
      }
      heap.floats().set(angles.cosines, known.cosines / 4)
      heap.floats().set(angles.sines, known.sines / 4)
      if (old !== undefined) for (const block of [old.cosines, old.sines, old.scores]) heap.free(block)
      return known
    },
    lowRank: (width) => {
      if (width > between.width) {
        const block = rows(width)
        if (between.width > 0) heap.free(between.block)
        between = { block, width }
      }
      return between.block
    }
  }
}
