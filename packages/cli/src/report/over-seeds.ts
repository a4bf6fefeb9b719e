/** A mean with the lowest and the highest of what it is over. */
export interface Spread {
  readonly mean: number
  readonly low: number
  readonly high: number
}

/** Mean, lowest and highest of values, of which there has to be one. */
export const spreadOf = (values: ReadonlyArray<number>): Spread => ({
  mean: values.reduce((sum, value) => sum + value, 0) / values.length,
  low: Math.min(...values),
  high: Math.max(...values)
})

/** A stretch of neighbouring batches. */
export interface Stretch extends Spread {
  /** The middle of its batches, the first batch being 1. */
  readonly batch: number
}

/**
 * Several runs' values by batch as one curve: at most `most` stretches of neighbouring batches, in each the mean of every run first,
 * then mean, lowest and highest over the runs.
 */
export const overSeeds = (
  runs: ReadonlyArray<ReadonlyArray<{ readonly batch: number; readonly value: number }>>,
  most = 40
): ReadonlyArray<Stretch> => {
  const batches = runs.flat().map(({ batch }) => batch)
  if (batches.length === 0) return []
  const [first, last] = [Math.min(...batches), Math.max(...batches)]
  const size = Math.ceil((last - first + 1) / most)
  return Array.from({ length: Math.ceil((last - first + 1) / size) }, (_, i) => {
    const start = first + i * size
    const end = Math.min(last, start + size - 1)
    const means = runs.flatMap((run) => {
      const within = run.filter(({ batch }) => batch >= start && batch <= end)
      return within.length === 0 ? [] : [spreadOf(within.map(({ value }) => value)).mean]
    })
    return means.length === 0 ? [] : [{ batch: (start + end) / 2 + 1, ...spreadOf(means) }]
  }).flat()
}
