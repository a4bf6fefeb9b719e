import type { Controller } from "@tracer-sdk/core"
import { describe, expect, it } from "vitest"
import { kuhnPoker } from "../games/kuhn.ts"
import { leducPoker } from "../games/leduc.ts"
import { regretMatching } from "../regret/regret-matching.ts"
import { counterfactualRegretMinimisation } from "./cfr.ts"
import { expectedReturns, type GameTree, gameTree } from "./game-tree.ts"
import { externalSampling, outcomeSampling } from "./monte-carlo-cfr.ts"
import { exploitability } from "./nash-conv.ts"
import { profileOf } from "./profile.ts"

const kuhn = gameTree(kuhnPoker())

const pair = (tree: GameTree, make: () => Controller): ReadonlyMap<string, Controller> =>
  new Map(tree.seats.map((seat) => [seat, make()]))

/** Controllers that never learn, and count what they are taught: sums of values and of reaches, by information state. */
const listeners = (strategy: (info: string) => ReadonlyArray<number>) => {
  const heard = new Map<string, { values: [number, number]; reach: number }>()
  const controllers = pair(kuhn, () => ({
    name: "listener",
    strategy: (info) => strategy(info),
    update: (info, _, [pass = 0, bet = 0], context) => {
      const { values, reach } = heard.get(info) ?? { values: [0, 0], reach: 0 }
      heard.set(info, {
        values: [values[0] + pass, values[1] + bet],
        reach: reach + (context?.reach ?? 1)
      })
    },
    snapshot: () => ({ kind: "listener", version: 1, state: {} })
  }))
  return { heard, controllers }
}

const samplers = { "external sampling": externalSampling, "outcome sampling": outcomeSampling }

for (const [name, sample] of Object.entries(samplers)) {
  describe(name, () => {
    it("teaches on average what full counterfactual regret minimisation teaches", () => {
      // A skewed profile, so that a wrong weight of either player's moves would show.
      const bet = (info: string) => (info.charCodeAt(0) % 5) / 8 + info.length / 12 + 0.1
      const strategy = (info: string) => [1 - bet(info), bet(info)]
      const exact = listeners(strategy)
      counterfactualRegretMinimisation(kuhn, exact.controllers, 1)
      const iterations = 40_000
      const sampled = listeners(strategy)
      sample(kuhn, sampled.controllers, iterations, { seed: 1 })
      expect(sampled.heard.size).toBe(12)
      for (const [info, { values, reach }] of exact.heard) {
        const found = sampled.heard.get(info)
        for (const a of [0, 1]) {
          expect(Math.abs((found?.values[a] ?? 9) / iterations - (values[a] ?? 0))).toBeLessThan(0.04)
        }
        // Each of the two deals that an information state holds adds the seat's own reach.
        expect(Math.abs((found?.reach ?? 0) / iterations / 2 - reach)).toBeLessThan(0.06)
      }
    })

    it("solves Kuhn poker to an exploitability under 0.05 within 10,000 iterations", () => {
      const controllers = pair(kuhn, () => regretMatching())
      sample(kuhn, controllers, 100, { seed: 1 })
      const early = exploitability(kuhn, profileOf(controllers, "average"))
      sample(kuhn, controllers, 9_900, { seed: 1, done: 100 })
      const learned = profileOf(controllers, "average")
      const late = exploitability(kuhn, learned)
      expect(late).toBeLessThan(early)
      expect(late).toBeLessThan(0.05)
      expect(Math.abs((expectedReturns(kuhn, learned).first ?? 0) + 1 / 18)).toBeLessThan(0.02)
    })

    it("is a function of the seed, in one piece or two", () => {
      const [whole, halves, other] = [1, 2, 3].map(() => pair(kuhn, () => regretMatching()))
      if (whole === undefined || halves === undefined || other === undefined) return
      sample(kuhn, whole, 40, { seed: 1 })
      sample(kuhn, halves, 15, { seed: 1 })
      sample(kuhn, halves, 25, { seed: 1, done: 15 })
      sample(kuhn, other, 40, { seed: 2 })
      const saved = (controllers: ReadonlyMap<string, Controller>) =>
        [...controllers.values()].map((controller) => controller.snapshot())
      expect(saved(halves)).toStrictEqual(saved(whole))
      expect(saved(other)).not.toStrictEqual(saved(whole))
    })
  })
}

describe("sampling", () => {
  it("brings Leduc poker from 2.37 under 0.8 by 5,000 iterations of external sampling", () => {
    const leduc = gameTree(leducPoker())
    const controllers = pair(leduc, () => regretMatching())
    externalSampling(leduc, controllers, 5_000, { seed: 1 })
    expect(exploitability(leduc, profileOf(controllers, "average"))).toBeLessThan(0.8)
  })

  it("needs some exploration to sample outcomes", () => {
    const controllers = pair(kuhn, () => regretMatching())
    expect(() => outcomeSampling(kuhn, controllers, 1, { seed: 1, exploration: 0 })).toThrow(
      "given the exploration 0; it needs more than 0"
    )
  })
})
