import { describe, expect, it } from "vitest"
import { bytes, counted, duration, fixed, pointsWithRange, relativeChange } from "./number.ts"

describe("numbers", () => {
  it.each([
    [fixed(-0.04, 1), "0.0"],
    [pointsWithRange({ mean: 0.1234, low: -0.011, high: 0.2 }), "+12.3 points (-1.1 to +20.0)"],
    [
      pointsWithRange({ mean: 1, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }),
      "+100.0 points (no interval)"
    ],
    [relativeChange(69, 100), "-31%"],
    [relativeChange(100, 100), "0%"],
    [relativeChange(1, 0), undefined],
    [counted(1, "task"), "1 task"],
    [counted(1200, "task"), "1,200 tasks"],
    [duration(41_600), "0:42"],
    [duration(3_787_000), "1:03:07"],
    [bytes(999), "999 B"],
    [bytes(1_310_720), "1.3 MB"]
  ])("%s", (shown, expected) => {
    expect(shown).toBe(expected)
  })
})
