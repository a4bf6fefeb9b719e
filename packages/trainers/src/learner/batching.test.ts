import fc from "fast-check"
import { expect, test } from "vitest"
import { packBatch, partition, tokenBatches } from "./batching.ts"
import type { TrainingSequence } from "./rollout.ts"

const sequence = (prompt: number, completion: number, temperature = 1): TrainingSequence => ({
  prompt: Array.from({ length: prompt }, () => 3),
  completion: Array.from({ length: completion }, (_, i) => 4 + i),
  old: Array.from({ length: completion }, (_, i) => -0.5 - i),
  temperature,
  advantage: 1,
  weight: 2
})

const sequences = fc.array(
  fc
    .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 30 }), fc.constantFrom(0.5, 1))
    .map(([prompt, completion, temperature]) => sequence(prompt, completion, temperature)),
  { maxLength: 20 }
)

test("mini-batches keep every item once, in order, and differ in size by at most one", () => {
  fc.assert(
    fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 6 }), (items, parts) => {
      const found = partition(items, parts)
      expect(found.flat()).toEqual(items)
      expect(found.length).toBe(Math.min(parts, items.length))
      const sizes = found.map((part) => part.length)
      if (sizes.length > 0) expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
    })
  )
})

test("batches keep every sequence once, have one temperature each, and stay within the tokens", () => {
  fc.assert(
    fc.property(sequences, (all) => {
      const batches = tokenBatches(all, 128)
      expect(new Set(batches.flat())).toEqual(new Set(all))
      expect(batches.flat()).toHaveLength(all.length)
      for (const batch of batches) {
        const { tokens } = packBatch(batch, all.length)
        expect(new Set(batch.map(({ temperature }) => temperature)).size).toBe(1)
        if (batch.length > 1) expect(tokens.batch * tokens.time).toBeLessThanOrEqual(128)
      }
    })
  )
})

test("recorded log-probabilities lie where the decoder scores their tokens", () => {
  const { tokens, loss } = packBatch([sequence(3, 2), sequence(1, 3)], 2)
  expect(tokens.time).toBe(16)
  const wanted = Array.from(tokens.mask, (one, at) =>
    one === 0 ? undefined : [at, tokens.targets[at], loss.old[at]]
  )
  expect(wanted.filter((one) => one !== undefined)).toEqual([
    [2, 4, -0.5],
    [3, 5, -1.5],
    [16, 4, -0.5],
    [17, 5, -1.5],
    [18, 6, -2.5]
  ])
  expect(Array.from(loss.weights)).toEqual([2, 2])
})
