import { pickIndex, seedKey, split, uniform } from "@tracer-sdk/core"
import { describe, expect, it } from "vitest"
import { chicken, matchingPennies, rockPaperScissors, shapleysGame } from "../games/matrix-games.ts"
import { regretMatching } from "../regret/regret-matching.ts"
import { equilibriumGap } from "./equilibrium-gap.ts"
import { jointPlayLog } from "./joint-play.ts"
import {
  bimatrixGame,
  type JointDistribution,
  type MatrixGame,
  marginals,
  productDistribution
} from "./matrix-game.ts"

const coordination = bimatrixGame(
  ["left", "right"],
  ["left", "right"],
  [
    [
      [2, 2],
      [0, 0]
    ],
    [
      [0, 0],
      [1, 1]
    ]
  ]
)

/** Sampled play in which each player learns what each of its actions would have earned against what the others did. */
const play = (game: MatrixGame, rounds: number, seed: number) => {
  const players = game.actions.map(() => regretMatching())
  const legal = game.actions.map((names) => ({ names, fallback: names[0] ?? "" }))
  const log = jointPlayLog()
  const key = split(seedKey(seed), "matrix-game")
  for (let round = 0; round < rounds; round++) {
    const choices = players.map((player, i) =>
      pickIndex(
        player.strategy("", legal[i] ?? { names: [], fallback: "" }, "current"),
        uniform(split(key, i), round)
      )
    )
    log.record(choices)
    for (const [i, player] of players.entries()) {
      const names = legal[i]
      if (names === undefined) continue
      player.update(
        "",
        names,
        names.names.map((_, a) => game.payoffs(choices.with(i, a))[i] ?? 0)
      )
    }
  }
  return log.distribution()
}

describe("equilibriumGap", () => {
  it("is 0 for turn-taking in chicken, although its marginals together are no equilibrium", () => {
    const turns = [
      { choices: [0, 1], probability: 0.5 },
      { choices: [1, 0], probability: 0.5 }
    ]
    expect(equilibriumGap(chicken, turns)).toEqual({ correlated: 0, coarse: 0 })
    const independent = productDistribution(marginals(chicken, turns))
    expect(independent).toHaveLength(4)
    // Daring against an even mix earns 3.5, yielding 4: whoever dares, half of the time, gives away 1/2.
    expect(equilibriumGap(chicken, independent)).toEqual({ correlated: 0.25, coarse: 0.25 })
  })

  it("tells a coarse correlated equilibrium from a correlated one", () => {
    const game = bimatrixGame(
      ["a", "b", "c"],
      ["x", "y"],
      [
        [
          [0, 0],
          [0, 0]
        ],
        [
          [1, 0],
          [0, 0]
        ],
        [
          [0, 0],
          [2, 0]
        ]
      ]
    )
    const joint = [
      { choices: [0, 0], probability: 0.5 },
      { choices: [2, 1], probability: 0.5 }
    ]
    // Following earns 1, always "c" 1 as well, always "b" 1/2; but "b" in place of "a" gains 1, half of the time.
    expect(equilibriumGap(game, joint)).toEqual({ correlated: 0.5, coarse: 0 })
  })

  it("is 0 for Aumann's correlated equilibria of chicken, which are worth more than its mixed Nash equilibrium", () => {
    const outcomes = (daring: number, yielding: number, bothYield: number): JointDistribution => [
      { choices: [0, 1], probability: daring },
      { choices: [1, 0], probability: yielding },
      { choices: [1, 1], probability: bothYield }
    ]
    const worth = (joint: JointDistribution) =>
      joint.reduce(
        (sum, { choices, probability }) => sum + probability * (chicken.payoffs(choices)[0] ?? 0),
        0
      )
    const third = outcomes(1 / 3, 1 / 3, 1 / 3)
    expect(equilibriumGap(chicken, third).correlated).toBeCloseTo(0, 12)
    expect(worth(third)).toBeCloseTo(5, 12)
    // The best there is: told to yield, both actions earn the same, 2/4 + 6/2 and 0/4 + 7/2.
    const best = outcomes(1 / 4, 1 / 4, 1 / 2)
    expect(equilibriumGap(chicken, best).correlated).toBeCloseTo(0, 12)
    expect(worth(best)).toBeCloseTo(5.25, 12)
    const mixed = productDistribution([
      [1 / 3, 2 / 3],
      [1 / 3, 2 / 3]
    ])
    expect(equilibriumGap(chicken, mixed).correlated).toBeCloseTo(0, 12)
    expect(worth(mixed)).toBeCloseTo(14 / 3, 12)
    // Yielding together more often, daring instead gains 1 three times in five, and loses 2 once.
    const greedy = outcomes(1 / 5, 1 / 5, 3 / 5)
    expect(equilibriumGap(chicken, greedy).correlated).toBeCloseTo(3 / 5 - 2 / 5, 12)
  })

  it("is 0 for Shapley's six cells and for uniform play, and 1/3 for a cycle that favours one side", () => {
    const cells = (list: ReadonlyArray<readonly [number, number]>) =>
      list.map((choices) => ({ choices, probability: 1 / list.length }))
    const wins = [[0, 2] as const, [1, 0] as const, [2, 1] as const]
    const losses = wins.map(([a, b]) => [b, a] as const)
    expect(equilibriumGap(shapleysGame, cells([...wins, ...losses])).correlated).toBeCloseTo(0, 12)
    const third = [1 / 3, 1 / 3, 1 / 3]
    for (const game of [shapleysGame, rockPaperScissors]) {
      expect(equilibriumGap(game, productDistribution([third, third])).correlated).toBeCloseTo(0, 12)
    }
    // The loser knows what is played against it in each cell: another action wins, each time a third.
    expect(equilibriumGap(shapleysGame, cells(wins))).toEqual({
      correlated: expect.closeTo(1 / 3, 12),
      coarse: expect.closeTo(1 / 3, 12)
    })
  })

  it("leaves matching pennies no equilibrium but tossing both coins", () => {
    const half = [1 / 2, 1 / 2]
    expect(equilibriumGap(matchingPennies, productDistribution([half, half])).correlated).toBe(0)
    // Against heads three times in four, showing tails earns 1/2 and showing heads -1/2: 1 more, half of the time.
    const biased = productDistribution([[3 / 4, 1 / 4], half])
    expect(equilibriumGap(matchingPennies, biased).correlated).toBeCloseTo(1 / 2, 12)
  })

  it("goes to 0 under regret matching, in chicken and in coordination", () => {
    for (const game of [chicken, coordination]) {
      for (const seed of [1, 2, 3]) {
        const gaps = [100, 10_000].map((rounds) => equilibriumGap(game, play(game, rounds, seed)))
        expect(gaps[1]?.correlated ?? 1).toBeLessThan(0.1)
        expect(gaps[1]?.coarse ?? 1).toBeLessThan(0.1)
        expect(gaps[1]?.correlated ?? 1).toBeLessThanOrEqual(gaps[0]?.correlated ?? 0)
      }
    }
  })
})

describe("regret matching with more than two actions", () => {
  it("drives the coarse gap to 0, which is all that external regret promises", () => {
    for (const game of [rockPaperScissors, shapleysGame]) {
      const [early, late] = [100, 10_000].map((rounds) => equilibriumGap(game, play(game, rounds, 1)))
      expect(late?.coarse ?? 1).toBeLessThan(0.05)
      expect(late?.coarse ?? 1).toBeLessThan(early?.coarse ?? 0)
    }
  })
})
