import type { ActionValues } from "@tracer-sdk/core"
import { keptShare, powerWeight, type RegretVariant } from "./regret-variant.ts"

/** What regret matching remembers of one information state; arrays have one entry for each action. */
export interface RegretRow {
  readonly actions: ReadonlyArray<string>
  /** The regrets that the strategy follows: cumulative, and clipped or discounted where the variant says so. */
  readonly regrets: Float64Array
  /** Cumulative external regret with the variant's weights, never clipped; the same array as `regrets` for plain RM. */
  readonly external: Float64Array
  /** The last instantaneous regret, of variants that predict with it. */
  readonly prediction?: Float64Array
  /** Weighted sum of the strategies. */
  readonly strategySum: Float64Array
  visits: number
  /** Sum of the weights in `external`; the visits, where these are 1. */
  weightSum: number
  /** What `norm(R+)^2` cannot exceed: the sum of the squared norms of regret less prediction, discounted as the regrets are. */
  squaredRegret: number
  /** The lowest and the highest value seen. */
  low: number
  high: number
}

export const emptyRow = (actions: ReadonlyArray<string>, variant: RegretVariant): RegretRow => {
  const zeros = () => new Float64Array(actions.length)
  const regrets = zeros()
  return {
    actions,
    regrets,
    external: variant.name === "rm" ? regrets : zeros(),
    ...(variant.predicts ? { prediction: zeros() } : {}),
    strategySum: zeros(),
    visits: 0,
    weightSum: 0,
    squaredRegret: 0,
    low: Number.POSITIVE_INFINITY,
    high: Number.NEGATIVE_INFINITY
  }
}

/**
 * Writes the regret-matching strategy into `strategy`: proportional to the positive regrets, the prediction added where there is one;
 * uniform where none is positive.
 */
export const matchRegrets = (
  { regrets, prediction }: Pick<RegretRow, "regrets" | "prediction">,
  strategy: Array<number>
): void => {
  const { length } = regrets
  let total = 0
  for (let a = 0; a < length; a++) {
    const regret = (regrets[a] ?? 0) + (prediction?.[a] ?? 0)
    strategy[a] = regret > 0 ? regret : 0
    if (regret > 0) total += regret
  }
  for (let a = 0; a < length; a++) strategy[a] = total > 0 ? (strategy[a] ?? 0) / total : 1 / length
}

/** Writes the normalised strategy sum into `strategy`; false where the state was never reached. */
export const averageStrategy = ({ strategySum }: RegretRow, strategy: Array<number>): boolean => {
  let total = 0
  for (let a = 0; a < strategySum.length; a++) total += strategySum[a] ?? 0
  if (total <= 0) return false
  for (let a = 0; a < strategySum.length; a++) strategy[a] = (strategySum[a] ?? 0) / total
  return true
}

/**
 * Learns from the values of all actions; `strategy` is scratch space.
 *
 * `r(a) = v(a) - sum_b pi(b) v(b)`, `R += r`, `S += reach t^gamma pi`; then R is clipped at 0, or multiplied by the shares that the
 * discount leaves. Adding 0 keeps -0, which JSON does not know, out of the table.
 */
export const learnValues = (
  row: RegretRow,
  variant: RegretVariant,
  values: ActionValues,
  reach: number,
  strategy: Array<number>
): void => {
  const { regrets, external, prediction, strategySum } = row
  const t = row.visits + 1
  const weight = reach * powerWeight(t, variant.gamma)
  const measured = powerWeight(t, variant.measure)
  const keptAbove = variant.discount === undefined ? 1 : keptShare(t, variant.discount.alpha)
  const keptBelow = variant.discount === undefined ? 1 : keptShare(t, variant.discount.beta)
  matchRegrets(row, strategy)
  let expected = 0
  for (let a = 0; a < regrets.length; a++) expected += (strategy[a] ?? 0) * (values[a] ?? 0)
  for (let a = 0; a < regrets.length; a++) {
    const value = (values[a] ?? 0) + 0
    const regret = value - expected
    const surprise = regret - (prediction?.[a] ?? 0)
    if (external !== regrets) external[a] = (external[a] ?? 0) + measured * regret
    if (prediction !== undefined) prediction[a] = regret
    const cumulative = (regrets[a] ?? 0) + regret
    regrets[a] = variant.clips
      ? Math.max(cumulative, 0)
      : cumulative * (cumulative > 0 ? keptAbove : keptBelow) + 0
    strategySum[a] = (strategySum[a] ?? 0) + weight * (strategy[a] ?? 0)
    row.squaredRegret += surprise * surprise
    if (value < row.low) row.low = value
    if (value > row.high) row.high = value
  }
  row.squaredRegret *= keptAbove * keptAbove
  row.weightSum += measured
  row.visits = t
}
