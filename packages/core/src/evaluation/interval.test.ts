import { describe, expect, it } from "vitest"
import { meanInterval, pairedDifference, wilson } from "./interval.ts"

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
