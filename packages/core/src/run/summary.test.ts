import { describe, expect, it } from "vitest"
import type { Controller, RegretController, RegretDiagnostic } from "../controller.ts"
import { reportOf } from "../evaluation/report.ts"
import { type EvaluatedSystem, gainsOf, learnedStates } from "./summary.ts"

/** A system that got those tasks right and wrong; `"+a -b"` is task a right, task b wrong. */
const system = (when: "before" | "after", name: string, outcomes: string): EvaluatedSystem => ({
  when,
  report: {
    ...reportOf(name, []),
    perTask: outcomes.split(" ").map((outcome) => ({
      task: outcome.slice(1),
      correct: outcome.startsWith("+"),
      tokens: 10,
      calls: 1
    }))
  }
})

describe("gainsOf", () => {
  it("pairs the first system after learning with each one before it, by task", () => {
    const gains = gainsOf([
      system("before", "single", "+d -c +b -a"),
      system("after", "team", "+a +b -c +d"),
      system("after", "team, greedy", "-a -b -c -d"),
      system("before", "always speaks", "+a +b +c +d")
    ])
    expect(gains.map(({ system, baseline }) => [system, baseline])).toEqual([
      ["team", "single"],
      ["team", "always speaks"]
    ])
    // Differences 1, 0, 0, 0: mean 1/4, variance (9/16 + 3/16) / 3 = 1/4, half-width 1.96 sqrt(1/16) = 0.49.
    expect(gains[0]?.difference.mean).toBe(1 / 4)
    expect(gains[0]?.difference.low).toBeCloseTo(-0.24, 3)
    expect(gains[0]?.difference.high).toBeCloseTo(0.74, 3)
    // Differences 0, 0, -1, 0.
    expect(gains[1]?.difference.mean).toBe(-1 / 4)
  })

  it("leaves out tasks that only one of them was given", () => {
    const [gain] = gainsOf([system("before", "single", "-a -b -x +y"), system("after", "team", "+a -b +z")])
    expect(gain?.difference.mean).toBe(1 / 2)
  })

  it("is empty where nothing was evaluated after learning, or nothing before", () => {
    expect(gainsOf([system("before", "single", "+a")])).toEqual([])
    expect(gainsOf([system("after", "team", "+a")])).toEqual([])
  })
})

describe("learnedStates", () => {
  const plain: Controller = {
    name: "plain",
    strategy: (_, { names }) => names.map(() => 1 / names.length),
    update: () => {},
    snapshot: () => ({ kind: "plain", version: 1, state: {} })
  }
  const state = (info: string): RegretDiagnostic => ({
    info,
    actions: ["skip", "review"],
    average: [0.25, 0.75],
    visits: 4,
    averageRegret: 0.1,
    bound: 1.4,
    invariantHolds: true
  })
  const measured = (...infos: ReadonlyArray<string>): RegretController => ({
    ...plain,
    regret: () => infos.map(state)
  })

  it("names the controller of each state, and passes over those that do not measure themselves", () => {
    const controllers = new Map<string, Controller>([
      ["ada.proposer", plain],
      ["bob.reviewer", measured("vote=0", "vote=+1")],
      ["cyd.reviewer", measured("vote=0")]
    ])
    expect(learnedStates({ controllers })).toEqual([
      { controller: "bob.reviewer", ...state("vote=0") },
      { controller: "bob.reviewer", ...state("vote=+1") },
      { controller: "cyd.reviewer", ...state("vote=0") }
    ])
    expect(learnedStates({ controllers: new Map() })).toEqual([])
  })
})
