import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { normal, pickIndex, seedKey, shuffle, split, threefry, uniform } from "./random.ts"

describe("threefry", () => {
  it("gives the published known answers of Threefry-2x32-20", () => {
    expect(threefry({ high: 0, low: 0 }, 0, 0)).toEqual({ high: 0x6b200159, low: 0x99ba4efe })
    expect(threefry({ high: 0xffffffff, low: 0xffffffff }, 0xffffffff, 0xffffffff)).toEqual({
      high: 0x1cb996fc,
      low: 0xbb002be7
    })
    expect(threefry({ high: 0x13198a2e, low: 0x03707344 }, 0x243f6a88, 0x85a308d3)).toEqual({
      high: 0xc4923a9c,
      low: 0x483df7a0
    })
  })
})

describe("streams", () => {
  it("are named: the same path gives the same draw, another path another", () => {
    const root = seedKey(7)
    expect(uniform(split(root, "turn", 3))).toBe(uniform(split(seedKey(7), "turn", 3)))
    expect(uniform(split(root, "turn", 3))).not.toBe(uniform(split(root, 3, "turn")))
    expect(uniform(split(root, "turn", 3))).not.toBe(uniform(split(seedKey(8), "turn", 3)))
  })

  it("look uniform and normal", () => {
    const key = seedKey(1)
    const n = 20_000
    let sum = 0
    let squares = 0
    let normals = 0
    let normalSquares = 0
    for (let i = 0; i < n; i++) {
      const u = uniform(key, i)
      sum += u
      squares += u * u
      const z = normal(key, i)
      normals += z
      normalSquares += z * z
    }
    expect(Math.abs(sum / n - 0.5)).toBeLessThan(0.01)
    expect(Math.abs(squares / n - 1 / 3)).toBeLessThan(0.01)
    expect(Math.abs(normals / n)).toBeLessThan(0.03)
    expect(Math.abs(normalSquares / n - 1)).toBeLessThan(0.04)
  })
})

describe("pickIndex", () => {
  it("never picks an action of probability 0", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 5 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (weights, u) => {
          const total = weights.reduce((a, b) => a + b, 0)
          fc.pre(total > 0)
          const index = pickIndex(
            weights.map((w) => w / total),
            u
          )
          expect(weights[index]).toBeGreaterThan(0)
        }
      )
    )
  })
})

describe("shuffle", () => {
  it("keeps every item once", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer({ min: 0 }), (items, seed) => {
        expect(shuffle(seedKey(seed), items).sort()).toEqual([...items].sort())
      })
    )
  })
})
