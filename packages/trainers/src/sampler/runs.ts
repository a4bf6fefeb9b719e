import type { PackedWeights } from "./packed-weights.ts"

/** Neighbouring rows with the same weights. */
export interface Run {
  readonly weights: PackedWeights
  readonly from: number
  readonly count: number
}

/** The runs of `rows`, in order. */
export const runsOf = (rows: ReadonlyArray<{ readonly weights: PackedWeights }>): ReadonlyArray<Run> => {
  const runs: Array<Run> = []
  let from = 0
  rows.forEach(({ weights }, i) => {
    if (rows[i + 1]?.weights === weights) return
    runs.push({ weights, from, count: i + 1 - from })
    from = i + 1
  })
  return runs
}
