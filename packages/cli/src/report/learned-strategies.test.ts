import { describe, expect, it } from "vitest"
import { benchmarkExample } from "../../test/benchmark-example.ts"
import { indexBenchmark } from "./benchmark-index.ts"
import { learnedStrategies } from "./learned-strategies.ts"

const state = (
  info: string,
  actions: ReadonlyArray<string>,
  average: ReadonlyArray<number>,
  visits: number
) => ({
  controller: "bob.reviewer",
  info,
  visits,
  actions,
  average,
  averageRegret: 0,
  bound: 1,
  invariantHolds: true
})

const learned = (...seeds: ReadonlyArray<ReadonlyArray<ReturnType<typeof state>>>) =>
  learnedStrategies(
    indexBenchmark({
      ...benchmarkExample(),
      strategies: seeds.map((states, i) => ({ system: "RM", dataset: "arithmetic", seed: i + 1, states }))
    }),
    "arithmetic"
  ).map(({ info, action, probability, visits }) => ({ info, action, probability, visits }))

describe("learnedStrategies", () => {
  it("weighs seeds by how often they met the state", () => {
    const actions = ["skip", "review"]
    expect(
      learned([state("vote=0", actions, [0.5, 0.5], 100)], [state("vote=0", actions, [0, 1], 300)])
    ).toEqual([
      // (100 x 0.5 + 300 x 1) / 400
      { info: "vote=0", action: "review", probability: 0.875, visits: 400 }
    ])
  })

  it("tells of two actions the one that speaks, of others all", () => {
    expect(
      learned([
        state("a", ["review", "skip"], [0.25, 0.75], 1),
        state("b", ["bet", "fold"], [0.25, 0.75], 1),
        state("c", ["silent", "comment", "answer"], [0.25, 0.25, 0.5], 1)
      ]).map(({ info, action }) => `${info} ${action}`)
    ).toEqual(["a review", "b fold", "c silent", "c comment", "c answer"])
  })

  it("leaves out what was never met", () => {
    expect(learned([state("vote=0", ["skip", "review"], [0.5, 0.5], 0)])).toEqual([])
  })
})
