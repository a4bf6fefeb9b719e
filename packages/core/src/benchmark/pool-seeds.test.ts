import { describe, expect, it } from "vitest"
import { wilson } from "../evaluation/interval.ts"
import type { EvaluationReport } from "../evaluation/report.ts"
import { compareSystems, poolSeeds, type SeedReport } from "./pool-seeds.ts"

/** A report in which those tasks were right and wrong, as in `"+a -b"`, at so many tokens each. */
const seed = (
  number: number,
  outcomes: string,
  tokens: number,
  more: Partial<EvaluationReport> = {}
): SeedReport => {
  const perTask = outcomes.split(" ").map((outcome) => ({
    ...{ task: outcome.slice(1), correct: outcome.startsWith("+"), tokens, calls: 1 }
  }))
  const right = perTask.filter(({ correct }) => correct).length
  return {
    seed: number,
    trainingTokens: 100,
    report: {
      system: "team",
      tasks: perTask.length,
      accuracy: wilson(right, perTask.length),
      promptTokens: tokens - 1,
      completionTokens: 1,
      calls: 1,
      unparsed: 1,
      wrongToRight: 1,
      rightToWrong: 0,
      correction: { count: 1, of: 3 },
      preservation: { count: 2, of: 2 },
      speakRates: [],
      belowChance: false,
      perTask,
      ...more
    }
  }
}

const choices = {
  name: "d",
  test: ["a", "b", "c", "d"].map((id) => ({ id, question: id, choices: ["1", "2"] }))
}

describe("poolSeeds", () => {
  const reviews = (found: number, of: number, wronged: number, ofRight: number) => ({
    reviews: {
      wrongGivenWrong: { count: found, of },
      wrongGivenRight: { count: wronged, of: ofRight },
      unreadable: 1,
      ...{ precision: 0, recall: 0, balancedAccuracy: 0 }
    }
  })
  const pooled = poolSeeds("team", choices, [
    seed(1, "+a +b -c -d", 10, { cost: 0.5, ...reviews(1, 2, 1, 4) }),
    seed(2, "+a -b -c -d", 20, { cost: 0.7, ...reviews(2, 2, 0, 4) })
  ])

  it("takes means over seeds of what is per task, and sums of counts", () => {
    expect(pooled).toMatchObject({
      seeds: [1, 2],
      promptTokens: 14,
      completionTokens: 1,
      calls: 1,
      unparsed: 2,
      wrongToRight: 2,
      correction: { count: 2, of: 6 },
      preservation: { count: 4, of: 4 },
      trainingTokens: 200
    })
    expect(pooled.cost).toBeCloseTo(0.6, 12)
    expect(pooled.bySeed).toEqual([
      { seed: 1, accuracy: 0.5, tokens: 10, calls: 1 },
      { seed: 2, accuracy: 0.25, tokens: 20, calls: 1 }
    ])
  })

  it("counts a task once for the interval, and holds the mean against guessing", () => {
    // Shares 1, 1/2, 0, 0: mean 3/8, variance (25 + 1 + 9 + 9) / 64 / 3 = 44/192; worth 15/64 x 4 x 192/44 = 4.09 tries.
    expect(pooled.accuracy.mean).toBeCloseTo(3 / 8, 12)
    expect(pooled.accuracy.low).toBeCloseTo(wilson((3 / 8) * (45 / 11), 45 / 11).low, 12)
    expect(pooled.belowChance).toBe(true)
  })

  it("sums verdicts before it takes ratios", () => {
    // WRONG of 3 in 4 wrong answers and of 1 in 8 right ones.
    expect(pooled.reviews).toEqual({
      precision: 3 / 4,
      recall: 3 / 4,
      balancedAccuracy: (3 / 4 + 7 / 8) / 2,
      unreadable: 2
    })
  })

  it("says nothing of costs where one is not known, nor of reviews where nobody reviewed", () => {
    const some = poolSeeds("team", choices, [seed(1, "+a -b", 1, { cost: 1 }), seed(2, "+a -b", 1)])
    expect(some).not.toHaveProperty("cost")
    expect(some).not.toHaveProperty("reviews")
  })
})

describe("compareSystems", () => {
  it("pairs by task over the seeds that both have finished", () => {
    const own = [seed(1, "+a +b", 30), seed(2, "+a -b", 50), seed(3, "-a -b", 1000)]
    const other = [seed(2, "-a -b", 20), seed(1, "-a +b", 20)]
    const compared = compareSystems(own, other)
    // a: 1 - 0; b: 1/2 - 1/2. Tokens: 40 - 20 on both.
    expect(compared?.accuracy.mean).toBe(1 / 2)
    expect(compared?.tokens).toEqual({ mean: 20, low: 20, high: 20 })
    expect(compareSystems([seed(1, "+a -b", 1)], [seed(2, "+a -b", 1)])).toBeUndefined()
  })
})
