import type { Controller } from "@tracer-sdk/core"
import { describe, expect, it } from "vitest"
import { kuhnPoker } from "../games/kuhn.ts"
import { leducPoker } from "../games/leduc.ts"
import { regretMatching } from "../regret/regret-matching.ts"
import type { RegretMatchingOptions } from "../regret/regret-variant.ts"
import { fixedController } from "../stated/fixed.ts"
import { type CfrOptions, counterfactualRegretMinimisation } from "./cfr.ts"
import { expectedReturns, type GameTree, gameTree } from "./game-tree.ts"
import { exploitability, nashConv } from "./nash-conv.ts"
import { profileOf } from "./profile.ts"

const kuhn = gameTree(kuhnPoker())
const leduc = gameTree(leducPoker())

const pair = (tree: GameTree, make: () => Controller): ReadonlyMap<string, Controller> =>
  new Map(tree.seats.map((seat) => [seat, make()]))

const solve = (
  tree: GameTree,
  options: RegretMatchingOptions,
  iterations: number,
  cfr: CfrOptions = { updates: "alternating" }
) => {
  const controllers = pair(tree, () => regretMatching(options))
  counterfactualRegretMinimisation(tree, controllers, iterations, cfr)
  return profileOf(controllers, "average")
}

describe("Kuhn poker", () => {
  it("has six information sets for each player", () => {
    expect(kuhn.infoSets.map(({ seat, info }) => `${seat}:${info}`).sort()).toEqual(
      [
        ...["J", "Q", "K", "Jpb", "Qpb", "Kpb"].map((info) => `first:${info}`),
        ...["Jp", "Qp", "Kp", "Jb", "Qb", "Kb"].map((info) => `second:${info}`)
      ].sort()
    )
  })

  it("gives uniform play 1/8 for the first player and a NashConv of 11/12", () => {
    const uniform = profileOf(pair(kuhn, fixedController), "average")
    expect(expectedReturns(kuhn, uniform).first).toBeCloseTo(1 / 8, 12)
    expect(nashConv(kuhn, uniform)).toBeCloseTo(11 / 12, 12)
  })

  it("gives Kuhn's equilibrium -1/18 and a NashConv of 0", () => {
    const bets: Readonly<Record<string, number>> = {
      ...{ J: 1 / 3, Q: 0, K: 1, Jpb: 0, Qpb: 2 / 3, Kpb: 1 },
      ...{ Jp: 1 / 3, Qp: 0, Kp: 1, Jb: 0, Qb: 1 / 3, Kb: 1 }
    }
    const equilibrium = ({ info }: { readonly info: string }) => [1 - (bets[info] ?? 0), bets[info] ?? 0]
    expect(expectedReturns(kuhn, equilibrium).first).toBeCloseTo(-1 / 18, 12)
    expect(nashConv(kuhn, equilibrium)).toBeCloseTo(0, 12)
  })

  it("teaches both players the values of one iteration done by hand", () => {
    // Second, holding K after a bet: calling wins 2 against J and Q, passing loses 1, each reached by chance and a bet: 1/6 1/2.
    const controllers = pair(kuhn, () => regretMatching({ gamma: 0 }))
    const taught = new Map<string, ReadonlyArray<number>>()
    const spies = new Map(
      [...controllers].map(([name, controller]) => [
        name,
        {
          ...controller,
          update: (info: string, _: unknown, values: ReadonlyArray<number>) => taught.set(info, values)
        }
      ])
    )
    counterfactualRegretMinimisation(kuhn, spies, 1)
    expect(taught.size).toBe(12)
    const [pass = 0, call = 0] = taught.get("Kb") ?? []
    expect(pass).toBeCloseTo(2 * (1 / 12) * -1, 12)
    expect(call).toBeCloseTo(2 * (1 / 12) * 2, 12)
  })

  it("is solved by CFR+ to an exploitability under 1e-3 within 200 iterations", () => {
    const learned = solve(kuhn, { variant: "rm+" }, 200)
    expect(exploitability(kuhn, learned)).toBeLessThan(1e-3)
    expect(expectedReturns(kuhn, learned).first).toBeCloseTo(-1 / 18, 3)
  })

  // Exploitability after 1,000 iterations, simultaneous and alternating: less than twice what is reached.
  for (const [variant, simultaneous, alternating] of [
    ["rm", 2e-2, 1e-3],
    ["rm+", 5e-3, 1.5e-4],
    ["linear", 1.2e-2, 1.5e-4],
    ["dcfr", 8e-3, 2.5e-4],
    ["predictive", 6e-5, 4e-8]
  ] as const) {
    it(`is solved by ${variant}, ever nearer to -1/18`, () => {
      for (const [updates, level] of [
        ["simultaneous", simultaneous],
        ["alternating", alternating]
      ] as const) {
        const [early = 0, later = 0] = [10, 100].map((n) =>
          exploitability(kuhn, solve(kuhn, { variant }, n, { updates }))
        )
        const learned = solve(kuhn, { variant }, 1_000, { updates })
        const last = exploitability(kuhn, learned)
        expect(later).toBeLessThan(early)
        expect(last).toBeLessThan(later)
        expect(last).toBeLessThan(level)
        expect(Math.abs((expectedReturns(kuhn, learned).first ?? 0) + 1 / 18)).toBeLessThan(2 * level)
      }
    })
  }
})

describe("Leduc poker", () => {
  it("has 936 information sets and OpenSpiel's NashConv under uniform play", () => {
    expect(leduc.infoSets).toHaveLength(936)
    expect(nashConv(leduc, profileOf(pair(leduc, fixedController), "average"))).toBeCloseTo(4.747222, 6)
  })

  it("is worth -0.0856 to the first player", () => {
    const learned = solve(leduc, { variant: "predictive" }, 200)
    expect(exploitability(leduc, learned)).toBeLessThan(0.01)
    expect(expectedReturns(leduc, learned).first).toBeCloseTo(-0.0856, 3)
  })

  // Uniform play has 2.374.
  for (const [variant, level] of [
    ["rm", 0.15],
    ["rm+", 0.02],
    ["linear", 0.05],
    ["dcfr", 0.01],
    ["predictive", 0.03]
  ] as const) {
    it(`is brought under an exploitability of ${level} by 100 iterations of ${variant}`, () => {
      const [early, late] = [10, 100].map((n) => exploitability(leduc, solve(leduc, { variant }, n)))
      expect(early).toBeLessThan(1)
      expect(late).toBeLessThan(level)
    })
  }
})

describe("counterfactual regret minimisation", () => {
  it("names the controller that a game lacks", () => {
    expect(() => counterfactualRegretMinimisation(kuhn, new Map([["first", regretMatching()]]), 1)).toThrow(
      'The game has no controller "second"; it has: first.'
    )
  })
})
