import { describe, expect, it } from "vitest"
import { reversed, verdictOf } from "./verdict.ts"

describe("verdictOf", () => {
  it("tells a difference only where the interval leaves zero out", () => {
    expect(verdictOf({ mean: 0.03, low: 0.001, high: 0.06 })).toBe("better")
    expect(verdictOf({ mean: -0.03, low: -0.06, high: -0.001 })).toBe("worse")
    expect(verdictOf({ mean: 0.03, low: -0.001, high: 0.06 })).toBe("unclear")
    expect(verdictOf({ mean: 0.03, low: 0, high: 0.06 })).toBe("unclear")
  })

  it("tells none where there is no interval", () => {
    const { POSITIVE_INFINITY, NEGATIVE_INFINITY } = Number
    expect(verdictOf({ mean: 0.5, low: NEGATIVE_INFINITY, high: POSITIVE_INFINITY })).toBe("unclear")
    expect(verdictOf({ mean: Number.NaN, low: Number.NaN, high: Number.NaN })).toBe("unclear")
  })

  it("is the other way round for the other system", () => {
    expect(reversed({ mean: 0.25, low: 0.125, high: 0.5 })).toEqual({ mean: -0.25, low: -0.5, high: -0.125 })
  })
})
