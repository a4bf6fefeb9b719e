import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { efficientFrontier } from "./frontier.ts"

interface Point {
  readonly cost: number
  readonly value: number
}

const frontier = (points: ReadonlyArray<Point>) =>
  efficientFrontier(
    points,
    ({ cost }) => cost,
    ({ value }) => value
  )

const beats = (a: Point, b: Point): boolean =>
  a.cost <= b.cost && a.value >= b.value && (a.cost < b.cost || a.value > b.value)

describe("efficientFrontier", () => {
  it("keeps what no other beats, from cheap to dear", () => {
    const cheap = { cost: 44, value: 0.67 }
    const middle = { cost: 137, value: 0.957 }
    const dear = { cost: 2400, value: 0.96 }
    const beaten = { cost: 293, value: 0.59 }
    const level = { cost: 400, value: 0.957 }
    expect(frontier([dear, beaten, level, middle, cheap])).toEqual([cheap, middle, dear])
  })

  it("keeps both of two that are equal, and of two of one cost the better", () => {
    const a = { cost: 10, value: 0.5 }
    const b = { cost: 10, value: 0.5 }
    expect(frontier([a, b])).toEqual([a, b])
    expect(frontier([a, { cost: 10, value: 0.4 }])).toEqual([a])
  })

  it("is empty where there is nothing", () => {
    expect(frontier([])).toEqual([])
  })

  it("holds exactly what is not beaten", () => {
    const point = fc.record({ cost: fc.integer({ min: 0, max: 9 }), value: fc.integer({ min: 0, max: 9 }) })
    fc.assert(
      fc.property(fc.array(point, { maxLength: 30 }), (points) => {
        const kept = new Set(frontier(points))
        for (const one of points) {
          expect(kept.has(one)).toBe(!points.some((other) => beats(other, one)))
        }
      })
    )
  })
})
