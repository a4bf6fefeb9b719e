import type { Controller } from "@tracer-sdk/core"
import { describe, expect, it } from "vitest"
import { fixedController } from "../fixed.ts"
import { kuhnPoker } from "../games/kuhn.ts"
import { type RegretMatchingOptions, regretMatching } from "../regret-matching.ts"
import { counterfactualRegretMinimisation, profileOf } from "./cfr.ts"
import { expectedReturns, gameTree } from "./game-tree.ts"
import { nashConv } from "./nash-conv.ts"

const tree = gameTree(kuhnPoker())

const pair = (make: () => Controller): ReadonlyMap<string, Controller> =>
  new Map(tree.seats.map((seat) => [seat, make()]))

const solve = (options: RegretMatchingOptions, iterations: number) => {
  const controllers = pair(() => regretMatching(options))
  counterfactualRegretMinimisation(tree, controllers, iterations)
  return profileOf(controllers, "average")
}

describe("Kuhn poker", () => {
  it("has six information sets for each player", () => {
    expect(tree.infoSets.map(({ seat, info }) => `${seat}:${info}`).sort()).toEqual(
      [
        ...["J", "Q", "K", "Jpb", "Qpb", "Kpb"].map((info) => `first:${info}`),
        ...["Jp", "Qp", "Kp", "Jb", "Qb", "Kb"].map((info) => `second:${info}`)
      ].sort()
    )
  })

  it("gives uniform play 1/8 for the first player and a NashConv of 11/12", () => {
    const uniform = profileOf(pair(fixedController), "average")
    expect(expectedReturns(tree, uniform).first).toBeCloseTo(1 / 8, 12)
    expect(nashConv(tree, uniform)).toBeCloseTo(11 / 12, 12)
  })

  it("gives Kuhn's equilibrium -1/18 and a NashConv of 0", () => {
    const bets: Readonly<Record<string, number>> = {
      ...{ J: 1 / 3, Q: 0, K: 1, Jpb: 0, Qpb: 2 / 3, Kpb: 1 },
      ...{ Jp: 1 / 3, Qp: 0, Kp: 1, Jb: 0, Qb: 1 / 3, Kb: 1 }
    }
    const equilibrium = ({ info }: { readonly info: string }) => [1 - (bets[info] ?? 0), bets[info] ?? 0]
    expect(expectedReturns(tree, equilibrium).first).toBeCloseTo(-1 / 18, 12)
    expect(nashConv(tree, equilibrium)).toBeCloseTo(0, 12)
  })

  for (const options of [{}, { averaging: "uniform" as const }, { plus: true }]) {
    it(`is solved by ${JSON.stringify(options)} to within 1e-3 of -1/18 after 1,000 iterations`, () => {
      const learned = solve(options, 1_000)
      expect(Math.abs((expectedReturns(tree, learned).first ?? 0) + 1 / 18)).toBeLessThan(1e-3)
      const gaps = [10, 100].map((iterations) => nashConv(tree, solve(options, iterations)))
      const [early = 0, later = 0] = gaps
      const last = nashConv(tree, learned)
      expect(later).toBeLessThan(early)
      expect(last).toBeLessThan(later)
      expect(last).toBeLessThan(0.03)
    })
  }
})
