import { pickIndex, seedKey, split, uniform } from "@tracer-sdk/core"
import { describe, expect, it } from "vitest"
import { regretMatching } from "../regret-matching.ts"
import { equilibriumGap } from "./equilibrium-gap.ts"
import { jointPlayLog } from "./joint-play.ts"
import { bimatrixGame, type MatrixGame, marginals, productDistribution } from "./matrix-game.ts"

const chicken = bimatrixGame(
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
