/** How rewards become advantages. */
export interface AdvantageOptions {
  /** Groups whose rewards have a smaller standard deviation carry no signal. */
  readonly minimumSpread?: number
}

const stabiliser = 1e-8

const meanOf = (values: ReadonlyArray<number>): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * Rewards by token of one group's utterances as advantages `(r - mean) / (deviation + 1e-8)`, or undefined where the group carries no
 * signal: its rewards are all but alike, or one is not finite.
 *
 * Mean and deviation are the population's, over utterances and in each over its tokens: long utterances weigh no more than short
 * ones, and rewards that are alike within each utterance give `groupAdvantages`.
 */
export const tokenAdvantages = (
  rewards: ReadonlyArray<ReadonlyArray<number>>,
  { minimumSpread = 0.05 }: AdvantageOptions = {}
): ReadonlyArray<ReadonlyArray<number>> | undefined => {
  const mean = meanOf(rewards.map(meanOf))
  const variance = meanOf(rewards.map((row) => meanOf(row.map((reward) => (reward - mean) ** 2))))
  const deviation = Math.sqrt(variance)
  if (!Number.isFinite(deviation) || deviation < minimumSpread || deviation === 0) return undefined
  return rewards.map((row) => row.map((reward) => (reward - mean) / (deviation + stabiliser)))
}

/**
 * Rewards of one group as advantages `(r - mean) / (deviation + 1e-8)` with the population's deviation, or undefined where
 * the group carries no signal: its rewards are all but alike, or one is not finite.
 *
 * Source: group-relative advantages of GRPO (arXiv 2402.03300) and GSPO (arXiv 2507.18071, equation 6).
 */
export const groupAdvantages = (
  rewards: ReadonlyArray<number>,
  options: AdvantageOptions = {}
): ReadonlyArray<number> | undefined =>
  tokenAdvantages(
    rewards.map((reward) => [reward]),
    options
  )?.flat()
