import { Schema } from "effect"

/** An estimate with its 95% interval. */
export const Interval = Schema.Struct({ mean: Schema.Number, low: Schema.Number, high: Schema.Number })
export type Interval = typeof Interval.Type

/** The 97.5% quantile of the standard normal. */
const z = 1.959963984540054

/** A proportion's interval (Wilson 1927), which stays inside [0, 1] and is honest near its ends. */
export const wilson = (successes: number, trials: number): Interval => {
  if (trials === 0) return { mean: 0, low: 0, high: 1 }
  const p = successes / trials
  const shrink = 1 + z ** 2 / trials
  const centre = (p + z ** 2 / (2 * trials)) / shrink
  const half = (z / shrink) * Math.sqrt((p * (1 - p)) / trials + z ** 2 / (4 * trials ** 2))
  return { mean: p, low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}

/** The normal interval of a mean; a single value has no width to be known. */
export const meanInterval = (values: ReadonlyArray<number>): Interval => {
  const n = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, n)
  if (n < 2) return { mean, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1)
  const half = z * Math.sqrt(variance / n)
  return { mean, low: mean - half, high: mean + half }
}

/**
 * The interval of a proportion over tasks that were each tried once under several seeds, from each task's share of right answers.
 *
 * Wilson's, with as many trials as the variance between tasks is worth (Korn and Graubard 1998): between one for each task, where a
 * task's outcomes are all alike, and one for each try, where they are independent.
 */
export const repeatedProportion = (shares: ReadonlyArray<number>, seeds: number): Interval => {
  const n = shares.length
  if (n === 0) return wilson(0, 0)
  const mean = shares.reduce((sum, share) => sum + share, 0) / n
  const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / Math.max(1, n - 1)
  const worth = variance === 0 ? n : (mean * (1 - mean) * n) / variance
  const trials = Math.min(n * seeds, Math.max(n, worth))
  return wilson(mean * trials, trials)
}

/** A task's value under one seed. */
export interface Score {
  readonly task: string
  readonly value: number
}

const meanByTask = (scores: ReadonlyArray<Score>): ReadonlyMap<string, number> => {
  const byTask = new Map<string, { sum: number; count: number }>()
  for (const { task, value } of scores) {
    const held = byTask.get(task) ?? { sum: 0, count: 0 }
    byTask.set(task, { sum: held.sum + value, count: held.count + 1 })
  }
  return new Map(Array.from(byTask, ([task, { sum, count }]) => [task, sum / count]))
}

/**
 * The mean of `a - b` over the tasks that both hold, with its interval, which for one task is unbounded.
 *
 * A task scored under several seeds counts once, by its mean: runs of one task are not independent of each other.
 */
export const pairedMeans = (a: ReadonlyArray<Score>, b: ReadonlyArray<Score>): Interval => {
  const other = meanByTask(b)
  const differences: Array<number> = []
  for (const [task, mean] of meanByTask(a)) {
    const pair = other.get(task)
    if (pair !== undefined) differences.push(mean - pair)
  }
  return meanInterval(differences)
}

/** `pairedMeans` of scores from 0 to 1: the interval stays inside [-1, 1]. */
export const pairedDifference = (a: ReadonlyArray<Score>, b: ReadonlyArray<Score>): Interval => {
  const { mean, low, high } = pairedMeans(a, b)
  return { mean, low: Math.max(-1, low), high: Math.min(1, high) }
}
