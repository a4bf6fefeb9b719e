import { completionPositions, type LossBatch, type LossOptions } from "./loss-batch.ts"
import { sequenceLogRatio } from "./sequence-ratio.ts"

/** Sums over the sequences of a batch, so that those of several batches can be added up. */
export interface ClipStatistics {
  readonly sequences: number
  /** Sequence importance ratios. */
  readonly ratio: number
  /** Sequences clipped from below, only where the advantage is negative: elsewhere a low ratio is not clipped. */
  readonly clippedLow: number
  /** Sequences clipped from above, only where the advantage is positive. */
  readonly clippedHigh: number
}

/** Statistics of no sequence at all. */
export const noStatistics: ClipStatistics = { sequences: 0, ratio: 0, clippedLow: 0, clippedHigh: 0 }

/** The statistics of two batches together. */
export const addStatistics = (a: ClipStatistics, b: ClipStatistics): ClipStatistics => ({
  sequences: a.sequences + b.sequences,
  ratio: a.ratio + b.ratio,
  clippedLow: a.clippedLow + b.clippedLow,
  clippedHigh: a.clippedHigh + b.clippedHigh
})

/**
 * Ratios and clipping of a batch whose sequences now have `logProbabilities` `[batch, time]`, in nats.
 *
 * A variant that clips tokens counts a sequence by the share of its tokens that were clipped.
 */
export const clipStatistics = (
  logProbabilities: Float32Array,
  batch: LossBatch,
  { variant, epsilonLow, epsilonHigh }: LossOptions
): ClipStatistics => {
  let total = noStatistics
  for (let row = 0; row < batch.batch; row++) {
    const positions = completionPositions(batch, row)
    const next = positions.map((at) => logProbabilities[at] ?? Number.NaN)
    const old = positions.map((at) => batch.old[at] ?? Number.NaN)
    const ratio = Math.exp(sequenceLogRatio(next, old))
    const rowAdvantage = batch.advantages[row] ?? 0
    let low = 0
    let high = 0
    positions.forEach((at, i) => {
      const own = variant === "grpo" ? Math.exp((next[i] ?? 0) - (old[i] ?? 0)) : ratio
      const advantage = variant === "gspo" ? rowAdvantage : (batch.tokenAdvantages?.[at] ?? rowAdvantage)
      if (advantage < 0 && own < 1 - epsilonLow) low++
      if (advantage > 0 && own > 1 + epsilonHigh) high++
    })
    const count = Math.max(1, positions.length)
    total = addStatistics(total, {
      sequences: 1,
      ratio,
      clippedLow: low / count,
      clippedHigh: high / count
    })
  }
  return total
}
