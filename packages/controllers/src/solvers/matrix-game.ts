/** A one-shot game: everyone chooses at once. */
export interface MatrixGame {
  /** The players' actions, by player. */
  readonly actions: ReadonlyArray<ReadonlyArray<string>>
  /** What each player earns when they choose the actions with these indices, one for each player. */
  readonly payoffs: (choices: ReadonlyArray<number>) => ReadonlyArray<number>
}

/** A cell of a joint distribution. */
export interface JointCell {
  /** One action index for each player. */
  readonly choices: ReadonlyArray<number>
  readonly probability: number
}

/** Probabilities of joint plays; cells that are absent have probability 0. */
export type JointDistribution = ReadonlyArray<JointCell>

/** A game of two players from the table of their payoffs, `[row's, column's]` by row and column. */
export const bimatrixGame = (
  rows: ReadonlyArray<string>,
  columns: ReadonlyArray<string>,
  table: ReadonlyArray<ReadonlyArray<readonly [number, number]>>
): MatrixGame => ({
  actions: [rows, columns],
  payoffs: ([row = 0, column = 0]) => {
    const cell = table[row]?.[column]
    if (cell === undefined) throw new RangeError(`The game has no cell (${row}, ${column}).`)
    return cell
  }
})

/** What independent strategies, one for each player, do together. */
export const productDistribution = (strategies: ReadonlyArray<ReadonlyArray<number>>): JointDistribution =>
  strategies.reduce<JointDistribution>(
    (cells, strategy) =>
      cells.flatMap(({ choices, probability }) =>
        strategy.map((p, a) => ({ choices: [...choices, a], probability: probability * p }))
      ),
    [{ choices: [], probability: 1 }]
  )

/** Each player's own distribution of a joint one. */
export const marginals = (
  { actions }: MatrixGame,
  joint: JointDistribution
): ReadonlyArray<ReadonlyArray<number>> =>
  actions.map((own, player) =>
    own.map((_, a) =>
      joint.reduce((sum, { choices, probability }) => sum + (choices[player] === a ? probability : 0), 0)
    )
  )
