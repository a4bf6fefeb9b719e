/** What a loss ratio is taken over, and how advantages act: see `policyLoss`. */
export const lossVariants = ["gspo", "gspo-token", "grpo"] as const
export type LossVariant = (typeof lossVariants)[number]

/** How a policy loss is formed. */
export interface LossOptions {
  readonly variant: LossVariant
  /** A ratio below `1 - epsilonLow` is clipped where the advantage is negative. */
  readonly epsilonLow: number
  /** A ratio above `1 + epsilonHigh` is clipped where the advantage is positive. */
  readonly epsilonHigh: number
  /** Weight of the divergence from the reference policy; 0 leaves it out. */
  readonly kl: number
}

/** Scored sequences side by side; `[batch, time]` row by row. */
export interface LossBatch {
  readonly batch: number
  readonly time: number
  /** 1 at a completion's tokens, else 0. */
  readonly mask: Float32Array
  /** Log-probabilities in nats that ratios start from; 0 where the mask is 0. */
  readonly old: Float32Array
  /** Constant factors of each token's objective, for sequences that another engine drew: see `truncatedWeights`; 1 by default. */
  readonly importance?: Float32Array
  /** One for each sequence; `tokenAdvantages` `[batch, time]` goes before it in the variants that can use it. */
  readonly advantages: Float32Array
  readonly tokenAdvantages?: Float32Array
  /** Multiplies a sequence's share of the loss. */
  readonly weights: Float32Array
  /** The number of sequences that the loss is a mean over: more than `batch` where a step is made of several batches. */
  readonly sequences: number
}

/** A sequence's token positions: those of its row where the mask is 1. */
export const completionPositions = ({ time, mask }: LossBatch, row: number): ReadonlyArray<number> => {
  const positions: Array<number> = []
  for (let at = row * time; at < (row + 1) * time; at++) if (mask[at] !== 0) positions.push(at)
  return positions
}
