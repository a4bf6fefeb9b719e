import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { linearScale, logScale, roundFactors, spansFactors } from "./pixel-scale.ts"

describe("scales", () => {
  it("map the ends of the domain to the ends of the range", () => {
    const down = linearScale([0.5, 1], 460, 0)
    expect([0.5, 0.75, 1].map(down.toPixel)).toEqual([460, 230, 0])
    const log = logScale([10, 1000], 0, 100)
    expect([10, 100, 1000].map((value) => Math.round(log.toPixel(value)))).toEqual([0, 50, 100])
  })

  it("come back from pixels to values", () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 5000, noNaN: true }), (value) => {
        for (const scale of [linearScale([1, 5000], 0, 860), logScale([1, 5000], 0, 860)]) {
          expect(scale.toValue(scale.toPixel(value))).toBeCloseTo(value, 6)
        }
      })
    )
  })

  it("are logarithmic only where values span factors, never with a 0", () => {
    expect(spansFactors([44, 2400])).toBe(true)
    expect(spansFactors([100, 400])).toBe(false)
    expect(spansFactors([0, 400])).toBe(false)
  })

  it("are marked at round factors", () => {
    expect(roundFactors([29, 2100])).toEqual([50, 100, 200, 500, 1000, 2000])
    expect(roundFactors([0.2, 1])).toEqual([0.2, 0.5, 1])
  })
})
