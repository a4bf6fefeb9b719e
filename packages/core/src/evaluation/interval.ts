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

/** A task's score under one seed, from 0 to 1. */
export interface Score {
  readonly task: string
  readonly value: number
}

/**
 * The mean of `a - b` over the tasks that both hold, with its interval; it stays inside [-1, 1], and is all of it for one task.
 *
 * A task scored under several seeds counts once, by its mean: runs of one task are not independent of each other.
 */
export const pairedDifference = (a: ReadonlyArray<Score>, b: ReadonlyArray<Score>): Interval => {
  const means = (scores: ReadonlyArray<Score>) => {
    const byTask = new Map<string, { sum: number; count: number }>()
    for (const { task, value } of scores) {
      const held = byTask.get(task) ?? { sum: 0, count: 0 }
      byTask.set(task, { sum: held.sum + value, count: held.count + 1 })
    }
    return byTask
  }
  const other = means(b)
  const differences: Array<number> = []
  for (const [task, { sum, count }] of means(a)) {
    const pair = other.get(task)
    if (pair !== undefined) differences.push(sum / count - pair.sum / pair.count)
  }
  const { mean, low, high } = meanInterval(differences)
  return { mean, low: Math.max(-1, low), high: Math.min(1, high) }
}
