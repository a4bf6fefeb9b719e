import type { ActionValues, LegalActions } from "@tracer-sdk/core"

/** What regret matching remembers of one information state; arrays have one entry for each action. */
export interface RegretRow {
  readonly actions: ReadonlyArray<string>
  /** The regrets that the strategy follows: cumulative for RM, clipped at 0 for RM+. */
  readonly regrets: Float64Array
  /** Cumulative external regret, never clipped; the same array as `regrets` for RM. */
  readonly external: Float64Array
  /** Weighted sum of the strategies. */
  readonly strategySum: Float64Array
  visits: number
  /** Sum over the visits of the squared norm of the instantaneous regret. */
  squaredRegret: number
  /** The lowest and the highest value seen. */
  low: number
  high: number
}

export const emptyRow = (actions: ReadonlyArray<string>, plus: boolean): RegretRow => {
  const regrets = new Float64Array(actions.length)
  return {
    actions,
    regrets,
    external: plus ? new Float64Array(actions.length) : regrets,
    strategySum: new Float64Array(actions.length),
    visits: 0,
    squaredRegret: 0,
    low: Number.POSITIVE_INFINITY,
    high: Number.NEGATIVE_INFINITY
  }
}

/** Writes the regret-matching strategy into `strategy`: proportional to the positive regrets, uniform where none is. */
export const matchRegrets = (regrets: Float64Array, strategy: Array<number>): void => {
  const { length } = regrets
  let total = 0
  for (let a = 0; a < length; a++) {
    const regret = regrets[a] ?? 0
    if (regret > 0) total += regret
  }
  for (let a = 0; a < length; a++) {
    const regret = regrets[a] ?? 0
    strategy[a] = total > 0 ? (regret > 0 ? regret / total : 0) : 1 / length
  }
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
 * `r(a) = v(a) - sum_b pi(b) v(b)`, `R += r` (RM+: clipped at 0), `S += w pi`. Adding 0 keeps -0, which JSON does not
 * know, out of the table.
 */
export const learnValues = (
  row: RegretRow,
  values: ActionValues,
  weight: number,
  strategy: Array<number>
): void => {
  const { regrets, external, strategySum } = row
  matchRegrets(regrets, strategy)
  let expected = 0
  for (let a = 0; a < regrets.length; a++) expected += (strategy[a] ?? 0) * (values[a] ?? 0)
  for (let a = 0; a < regrets.length; a++) {
    const value = (values[a] ?? 0) + 0
    const regret = value - expected
    const cumulative = (regrets[a] ?? 0) + regret
    if (external !== regrets) {
      external[a] = (external[a] ?? 0) + regret
      regrets[a] = Math.max(cumulative, 0)
    } else regrets[a] = cumulative
    strategySum[a] = (strategySum[a] ?? 0) + weight * (strategy[a] ?? 0)
    row.squaredRegret += regret * regret
    if (value < row.low) row.low = value
    if (value > row.high) row.high = value
  }
  row.visits++
}

/** Throws where an information state is asked about with other actions than before: its key says too little. */
export const requireSameActions = (row: RegretRow, info: string, { names }: LegalActions): void => {
  const { actions } = row
  let same = actions.length === names.length
  for (let a = 0; same && a < names.length; a++) same = actions[a] === names[a]
  if (same) return
  throw new RangeError(
    `Information state "${info}" has the actions [${names.join(", ")}] here and [${actions.join(", ")}] before; ` +
      "the protocol's observe() has to tell states with different actions apart."
  )
}
