import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { summaryExample } from "../../test/summary-example.ts"
import { renderCurve, stretches } from "./chart.ts"
import { plainStyle } from "./style.ts"

describe("renderCurve", () => {
  it("draws a short run batch by batch", async () => {
    await expect(renderCurve(summaryExample.curve, plainStyle).join("\n")).toMatchFileSnapshot(
      "fixtures/curve.txt"
    )
  })

  it("keeps a long run within the page", () => {
    const curve = Array.from({ length: 1000 }, (_, batch) => ({ batch, accuracy: 0.5, tokensPerTask: 0 }))
    const lines = renderCurve(curve, plainStyle)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100)
    expect(lines.at(-1)).toBe("  batches in all: 1000; in each column: 13")
  })

  it("averages neighbours, each batch once", () => {
    expect(stretches([1, 2, 3, 4, 5], 2)).toEqual([2, 4.5])
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 90 }),
        (values, most) => {
          const means = stretches(values, most)
          expect(means.length).toBeLessThanOrEqual(most)
          expect(Math.min(...means)).toBeGreaterThanOrEqual(Math.min(...values) - 1e-12)
          expect(Math.max(...means)).toBeLessThanOrEqual(Math.max(...values) + 1e-12)
        }
      )
    )
  })

  it("draws nothing of nothing", () => {
    expect(renderCurve([], plainStyle)).toEqual([])
  })
})
