import type { JointDistribution } from "./matrix-game.ts"

/** Counts what the players did together: the empirical joint play, of which marginal averages keep too little. */
export interface JointPlayLog {
  /** `choices` holds one action index for each player. */
  record(choices: ReadonlyArray<number>): void
  readonly plays: () => number
  /** Relative frequencies; empty before the first play. */
  readonly distribution: () => JointDistribution
}

export const jointPlayLog = (): JointPlayLog => {
  const cells = new Map<string, { readonly choices: ReadonlyArray<number>; count: number }>()
  let plays = 0
  return {
    record: (choices) => {
      const key = choices.join(",")
      const cell = cells.get(key) ?? { choices: [...choices], count: 0 }
      cell.count++
      cells.set(key, cell)
      plays++
    },
    plays: () => plays,
    distribution: () =>
      Array.from(cells.values(), ({ choices, count }) => ({ choices, probability: count / plays }))
  }
}
