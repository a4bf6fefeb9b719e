import { expect, test } from "vitest"
import { truncatedWeights } from "./truncated-weights.ts"

test("tokens weigh by trainer over sampler, up to the cap", () => {
  const weights = truncatedWeights([0.9, 0.5, 0.2].map(Math.log), [0.3, 0.4, 0.4].map(Math.log), 2)
  expect(weights[0]).toBe(2)
  expect(weights[1]).toBeCloseTo(1.25, 12)
  expect(weights[2]).toBeCloseTo(0.5, 12)
})

test("tokens that both engines score alike weigh 1", () => {
  expect(truncatedWeights([-0.5, -3], [-0.5, -3], 2)).toEqual([1, 1])
})
