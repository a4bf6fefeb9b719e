/** How rewards become advantages. */
export interface AdvantageOptions {
  /** Groups whose rewards have a smaller standard deviation carry no signal. */
  readonly minimumSpread?: number
}

const stabiliser = 1e-8

/**
 * Rewards of one group as advantages `(r - mean) / (deviation + 1e-8)` with the population's deviation, or undefined where
 * the group carries no signal: its rewards are all but alike, or one is not finite.
 *
 * Source: group-relative advantages of GRPO (arXiv 2402.03300) and GSPO (arXiv 2507.18071, equation 6).
 */
export const groupAdvantages = (
  rewards: ReadonlyArray<number>,
  { minimumSpread = 0.05 }: AdvantageOptions = {}
): ReadonlyArray<number> | undefined => {
  const mean = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length
  const variance = rewards.reduce((sum, reward) => sum + (reward - mean) ** 2, 0) / rewards.length
  const deviation = Math.sqrt(variance)
  if (!Number.isFinite(deviation) || deviation < minimumSpread || deviation === 0) return undefined
  return rewards.map((reward) => (reward - mean) / (deviation + stabiliser))
}
