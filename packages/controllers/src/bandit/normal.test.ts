import { normal, seedKey, split } from "@tracer-sdk/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { normalDistribution, probabilitiesOfLargest } from "./normal.ts"

describe("normalDistribution", () => {
  it("has the published values", () => {
    // Abramowitz and Stegun 1964, table 26.1, and 26.2.
    for (const [x, p] of [
      [0, 0.5],
      [0.5, 0.6914624612740131],
      [1, 0.8413447460685429],
      [1.96, 0.9750021048517795],
      [3, 0.9986501019683699],
      [5, 0.9999997133484281],
      [9, 1]
    ] as const) {
      expect(normalDistribution(x)).toBeCloseTo(p, 14)
      expect(normalDistribution(-x)).toBeCloseTo(1 - p, 14)
    }
  })
})

describe("probabilitiesOfLargest", () => {
  it("compares two in closed form", () => {
    const [first = 0, second] = probabilitiesOfLargest([
      { mean: 0.5, deviation: 0.6 },
      { mean: -0.5, deviation: 0.8 }
    ])
    expect(first).toBeCloseTo(0.8413447460685429, 14) // Phi(1 / 1)
    expect(second).toBe(1 - first)
  })

  it("shares alike among those that are alike", () => {
    for (const n of [3, 5]) {
      const alike = Array.from({ length: n }, () => ({ mean: 0.3, deviation: 2 }))
      for (const p of probabilitiesOfLargest(alike)) expect(p).toBeCloseTo(1 / n, 9)
    }
  })

  it("agrees with the closed form where a third cannot win, and with one known almost exactly", () => {
    const low = { mean: -50, deviation: 1 }
    for (const deviation of [1, 0.1, 0.001]) {
      const two = [
        { mean: 0.3, deviation: 1 },
        { mean: 0, deviation }
      ]
      const [expected = 0] = probabilitiesOfLargest(two)
      const [found] = probabilitiesOfLargest([...two, low])
      expect(found).toBeCloseTo(expected, 7)
    }
    // Of two standard normal quantities and the number 0, the number is the largest a quarter of the time.
    const standard = { mean: 0, deviation: 1 }
    const shares = probabilitiesOfLargest([{ mean: 0, deviation: 1e-6 }, standard, standard])
    expect(shares[0]).toBeCloseTo(1 / 4, 5)
    expect(shares[1]).toBeCloseTo(3 / 8, 5)
  })

  it("is what many draws show", () => {
    const quantities = [
      { mean: 0, deviation: 1 },
      { mean: 0.5, deviation: 0.2 },
      { mean: -0.4, deviation: 2 },
      { mean: 0.45, deviation: 0.05 }
    ]
    const wins = quantities.map(() => 0)
    const draws = 40_000
    for (let i = 0; i < draws; i++) {
      const key = split(seedKey(1), i)
      const drawn = quantities.map(({ mean, deviation }, a) => mean + deviation * normal(key, a))
      const best = drawn.indexOf(Math.max(...drawn))
      wins[best] = (wins[best] ?? 0) + 1
    }
    for (const [a, p] of probabilitiesOfLargest(quantities).entries()) {
      expect(Math.abs((wins[a] ?? 0) / draws - p)).toBeLessThan(0.01)
    }
  })

  it("sums to 1, and favours a larger mean, whatever the scales", () => {
    const quantity = fc.record({
      mean: fc.double({ min: -3, max: 3, noNaN: true }),
      deviation: fc.double({ min: 1e-3, max: 3, noNaN: true })
    })
    fc.assert(
      fc.property(fc.array(quantity, { minLength: 1, maxLength: 5 }), (quantities) => {
        const shares = probabilitiesOfLargest(quantities)
        expect(shares.every((p) => p >= 0)).toBe(true)
        expect(shares.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9)
        const [first] = quantities
        if (first === undefined) return
        const raised = probabilitiesOfLargest([{ ...first, mean: first.mean + 0.5 }, ...quantities.slice(1)])
        expect(raised[0] ?? 0).toBeGreaterThanOrEqual((shares[0] ?? 0) - 1e-6)
      }),
      { numRuns: 100 }
    )
  })
})
