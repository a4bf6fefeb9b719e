import { describe, expect, it } from "vitest"
import { meanInterval, pairedDifference, pairedMeans, repeatedProportion, wilson } from "./interval.ts"

describe("wilson", () => {
  it("gives the textbook interval of 8 in 10", () => {
    const interval = wilson(8, 10)
    expect(interval.mean).toBe(0.8)
    expect(interval.low).toBeCloseTo(0.4902, 4)
    expect(interval.high).toBeCloseTo(0.9433, 4)
  })

  it("stays inside [0, 1] at the ends", () => {
    expect(wilson(0, 20).low).toBe(0)
    expect(wilson(20, 20).high).toBe(1)
    expect(wilson(20, 20).low).toBeCloseTo(0.8389, 4)
  })
})

describe("meanInterval", () => {
  it("is the mean plus and minus 1.96 standard errors", () => {
    const interval = meanInterval([1, 2, 3, 4])
    expect(interval.mean).toBe(2.5)
    expect(interval.high - interval.mean).toBeCloseTo(1.959964 * Math.sqrt(5 / 3 / 4), 5)
  })
})

describe("repeatedProportion", () => {
  it("is Wilson's for one seed", () => {
    const shares = [1, 1, 0, 1, 1, 1, 0, 1, 1, 1]
    expect(repeatedProportion(shares, 1)).toEqual(wilson(8, 10))
  })

  it("counts a task once whose outcomes are all alike, and each try where they are independent", () => {
    // Every task always right or always wrong: three seeds tell no more than one.
    expect(repeatedProportion([1, 1, 0, 1], 3)).toEqual(wilson(3, 4))
    // Shares of a half under two seeds, all of them: as for some tries more than tasks.
    const mixed = repeatedProportion([0.5, 0.5, 1, 0], 2)
    // Variance 1/6, so 1/4 x 4 / (1/6) = 6 tries.
    expect(mixed.low).toBeCloseTo(wilson(3, 6).low, 12)
    expect(repeatedProportion([], 3)).toEqual({ mean: 0, low: 0, high: 1 })
  })

  it("has as many tries as there were, at most", () => {
    const shares = [2 / 3, 1 / 3, 2 / 3, 1 / 3]
    // Variance 1/27 is worth 27 tries; there were 12.
    expect(repeatedProportion(shares, 3).low).toBeCloseTo(wilson(6, 12).low, 12)
  })
})

describe("pairedMeans", () => {
  it("keeps the scale of what it compares", () => {
    const tokens = (x: number, y: number) => [
      { task: "x", value: x },
      { task: "y", value: y }
    ]
    const { mean, high } = pairedMeans(tokens(300, 200), tokens(100, 60))
    expect(mean).toBe(170)
    // Differences 200 and 140: standard error 30.
    expect(high).toBeCloseTo(170 + 1.959964 * 30, 3)
  })
})

describe("pairedDifference", () => {
  it("knows nothing from one task", () => {
    expect(pairedDifference([{ task: "x", value: 1 }], [{ task: "x", value: 1 }])).toEqual({
      mean: 0,
      low: -1,
      high: 1
    })
  })

  it("pairs by task and counts a task once however many seeds it was run under", () => {
    const a = [
      { task: "x", value: 1 },
      { task: "x", value: 0 },
      { task: "y", value: 1 }
    ]
    const b = [
      { task: "y", value: 0 },
      { task: "x", value: 0 },
      { task: "z", value: 1 }
    ]
    const { mean, low, high } = pairedDifference(a, b)
    expect(mean).toBe(0.75)
    expect(mean - low).toBeCloseTo(1.959964 * Math.sqrt(0.125 / 2), 5)
    expect(high).toBe(1)
  })
})
