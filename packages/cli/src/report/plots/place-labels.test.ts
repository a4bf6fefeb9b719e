import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { placeLabels } from "./place-labels.ts"

const page = { width: 400, height: 300, fontSize: 11 }

describe("placeLabels", () => {
  it("puts a label to the right of a mark that stands alone, and to the left at the right edge", () => {
    const [first, second] = placeLabels(
      [
        { text: "single", x: 100, y: 100 },
        { text: "single", x: 390, y: 200 }
      ],
      page
    )
    expect(first).toMatchObject({ x: 109, y: 100, far: false })
    expect((second?.x ?? 0) + (second?.width ?? 0)).toBeCloseTo(381)
  })

  it("keeps the labels of marks that coincide apart", () => {
    const labels = placeLabels(
      Array.from({ length: 6 }, (_, i) => ({ text: `system ${i}`, x: 200, y: 150 })),
      page
    )
    for (const [i, a] of labels.entries()) {
      for (const b of labels.slice(i + 1)) {
        const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
        expect(across <= 1e-6 || Math.abs(a.y - b.y) >= 13).toBe(true)
      }
    }
  })

  it("keeps every label of a usual length on the page", () => {
    const mark = fc.record({
      text: fc.string({ maxLength: 20 }),
      x: fc.integer({ min: 0, max: page.width }),
      y: fc.integer({ min: 0, max: page.height })
    })
    fc.assert(
      fc.property(fc.array(mark, { maxLength: 12 }), (marks) => {
        for (const { x, y, width } of placeLabels(marks, page)) {
          expect(x).toBeGreaterThanOrEqual(-1e-6)
          expect(x + width).toBeLessThanOrEqual(page.width + 1e-6)
          expect(y).toBeGreaterThanOrEqual(0)
          expect(y).toBeLessThanOrEqual(page.height)
        }
      })
    )
  })
})
