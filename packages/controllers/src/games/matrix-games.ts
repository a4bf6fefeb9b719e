import { bimatrixGame, type MatrixGame } from "../solvers/matrix-game.ts"

/**
 * Chicken, with the payoffs of Aumann 1974: who dares against a coward wins 7, and two who dare win nothing.
 *
 * A trusted third party who draws one of the three other cells, each with probability 1/3, and tells each player its own part is a
 * correlated equilibrium worth 5 to each: more than the mixed Nash equilibrium's 4 2/3.
 */
export const chicken: MatrixGame = bimatrixGame(
  ["dare", "yield"],
  ["dare", "yield"],
  [
    [
      [0, 0],
      [7, 2]
    ],
    [
      [2, 7],
      [6, 6]
    ]
  ]
)

/** Matching pennies: the first wins when the sides are equal; the only correlated equilibrium is to toss both coins. */
export const matchingPennies: MatrixGame = bimatrixGame(
  ["heads", "tails"],
  ["heads", "tails"],
  [
    [
      [1, -1],
      [-1, 1]
    ],
    [
      [-1, 1],
      [1, -1]
    ]
  ]
)

/** Rock, paper, scissors: zero-sum, with uniform play for its only equilibrium. */
export const rockPaperScissors: MatrixGame = bimatrixGame(
  ["rock", "paper", "scissors"],
  ["rock", "paper", "scissors"],
  [
    [
      [0, 0],
      [-1, 1],
      [1, -1]
    ],
    [
      [1, -1],
      [0, 0],
      [-1, 1]
    ],
    [
      [-1, 1],
      [1, -1],
      [0, 0]
    ]
  ]
)

/**
 * Shapley's game: rock, paper, scissors in which a draw and a loss are worth 0 alike, so that it is not zero-sum.
 *
 * Fictitious play cycles in it for ever (Shapley 1964); the six cells off the diagonal, each with probability 1/6, are a correlated
 * equilibrium worth 1/2 to each, and uniform play is the only Nash equilibrium, worth 1/3.
 */
export const shapleysGame: MatrixGame = bimatrixGame(
  ["rock", "paper", "scissors"],
  ["rock", "paper", "scissors"],
  [
    [
      [0, 0],
      [0, 1],
      [1, 0]
    ],
    [
      [1, 0],
      [0, 0],
      [0, 1]
    ],
    [
      [0, 1],
      [1, 0],
      [0, 0]
    ]
  ]
)
