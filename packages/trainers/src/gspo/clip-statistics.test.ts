import { expect, test } from "vitest"
import { clipStatistics } from "./clip-statistics.ts"
import type { LossBatch, LossOptions } from "./loss-batch.ts"
import { sequenceLogRatio } from "./sequence-ratio.ts"

const options: LossOptions = { variant: "gspo", epsilonLow: 0.1, epsilonHigh: 0.1, kl: 0 }

test("token ratios 1.10, 0.95, 1.30, 0.90 make a sequence ratio of 1.051539", () => {
  const log = sequenceLogRatio([1.1, 0.95, 1.3, 0.9].map(Math.log), [0, 0, 0, 0])
  expect(log).toBeCloseTo(0.050255, 6)
  expect(Math.exp(log)).toBeCloseTo(1.051539, 6)
})

/** Sequences of two tokens, one padded position after them. */
const batchOf = (ratios: ReadonlyArray<readonly [number, number]>, advantages: ReadonlyArray<number>) => {
  const next = Float32Array.from(ratios.flatMap(([first, second]) => [Math.log(first), Math.log(second), 0]))
  const batch: LossBatch = {
    batch: ratios.length,
    time: 3,
    mask: Float32Array.from(ratios.flatMap(() => [1, 1, 0])),
    old: new Float32Array(next.length),
    advantages: Float32Array.from(advantages),
    weights: new Float32Array(ratios.length).fill(1),
    sequences: ratios.length
  }
  return { next, batch }
}

test("a low ratio is clipped only at a negative advantage, a high one only at a positive", () => {
  const pairs: ReadonlyArray<readonly [number, number]> = [
    [0.8, 0.8],
    [0.8, 0.8],
    [1.3, 1.2],
    [1.3, 1.2],
    [1.3, 0.9]
  ]
  const { next, batch } = batchOf(pairs, [-1, 1, -1, 1, 1])
  const found = clipStatistics(next, batch, options)
  expect([found.sequences, found.clippedLow, found.clippedHigh]).toEqual([5, 1, 1])
  expect(found.ratio).toBeCloseTo(0.8 + 0.8 + Math.sqrt(1.56) * 2 + Math.sqrt(1.17), 5)
})

test("where tokens are clipped, a sequence counts by the share of its tokens", () => {
  const { next, batch } = batchOf([[1.3, 0.9]], [1])
  expect(clipStatistics(next, batch, { ...options, variant: "grpo" }).clippedHigh).toBe(0.5)
  expect(clipStatistics(next, batch, options).clippedHigh).toBe(0)
})
