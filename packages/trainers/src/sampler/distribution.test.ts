import * as fc from "fast-check"
import { expect, test } from "vitest"
import { nucleus } from "./distribution.ts"

/** Probabilities 0.5, 0.25, 0.125, 0.0625, 0.0625, out of order. */
const weights = Float32Array.from([0.125, 0.25, 1, 0.125, 0.5])

test("top-k keeps the likeliest, top-p the fewest that hold the mass, both the mass of what top-k kept", () => {
  expect(nucleus(weights, {})).toBeUndefined()
  expect(nucleus(weights, { topK: 5, topP: 1 })).toBeUndefined()
  expect(nucleus(weights, { topK: 2 })).toEqual([2, 4])
  expect(nucleus(weights, { topK: 4 })).toEqual([0, 1, 2, 4])
  expect(nucleus(weights, { topP: 0.5 })).toEqual([2])
  expect(nucleus(weights, { topP: 0.51 })).toEqual([2, 4])
  expect(nucleus(weights, { topP: 0.75 })).toEqual([2, 4])
  expect(nucleus(weights, { topP: 0.9 })).toEqual([0, 1, 2, 4])
  expect(nucleus(weights, { topP: 1e-9 })).toEqual([2])
  // Of the two likeliest the first has 2/3.
  expect(nucleus(weights, { topK: 2, topP: 0.66 })).toEqual([2])
  expect(nucleus(weights, { topK: 2, topP: 0.67 })).toEqual([2, 4])
})

test("what is kept is what sorting the whole vocabulary keeps, however small the probabilities", () => {
  const cases = fc.record({
    // Their sums are exact in 53 bits, whatever the order.
    logarithms: fc.array(fc.integer({ min: -45, max: -1 }), { minLength: 1, maxLength: 60 }),
    topK: fc.integer({ min: 1, max: 70 }),
    topP: fc.double({ min: 0.01, max: 1, noNaN: true })
  })
  fc.assert(
    fc.property(cases, ({ logarithms, topK, topP }) => {
      const drawn = Float32Array.from([0, ...logarithms], (logarithm) => 2 ** logarithm)
      const sorted = [...drawn.keys()]
        .sort((a, b) => (drawn[b] ?? 0) - (drawn[a] ?? 0) || a - b)
        .slice(0, topK)
      const mass = sorted.reduce((sum, token) => sum + (drawn[token] ?? 0), 0)
      let sum = 0
      const kept = sorted.filter((token) => {
        const before = sum
        sum += drawn[token] ?? 0
        return topP === 1 || before < topP * mass
      })
      const expected = kept.sort((a, b) => a - b)
      expect(nucleus(drawn, { topK, topP }) ?? [...drawn.keys()]).toEqual(expected)
    })
  )
})
