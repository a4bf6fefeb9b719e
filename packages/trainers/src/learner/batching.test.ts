import fc from "fast-check"
import { expect, test } from "vitest"
import { packBatch, partition, sharedRows, tokenBatches } from "./batching.ts"
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
      const batches = tokenBatches(
        all.map((one) => [one]),
        128
      )
      expect(new Set(batches.flat(2))).toEqual(new Set(all))
      expect(batches.flat()).toHaveLength(all.length)
      for (const batch of batches) {
        const { tokens } = packBatch(batch, all.length)
        expect(new Set(batch.flat().map(({ temperature }) => temperature)).size).toBe(1)
        if (batch.length > 1) expect(tokens.batch * tokens.time).toBeLessThanOrEqual(128)
      }
    })
  )
})

test("a group shares its prompt where that is less work, within the tokens of a pass", () => {
  const short = [sequence(60, 20), sequence(60, 9), sequence(60, 15)]
  expect(sharedRows(short, 96, 8192)).toEqual([short])
  expect(sharedRows(short, 96, 96)).toHaveLength(3)
  const long = [sequence(20, 900), sequence(20, 800)]
  expect(sharedRows(long, 96, 8192)).toHaveLength(2)
  expect(sharedRows([sequence(60, 20), sequence(59, 20)], 96, 8192)).toHaveLength(2)
})

test("recorded log-probabilities lie beside the scores of their tokens", () => {
  const { tokens, places, loss } = packBatch([[sequence(3, 2), sequence(3, 1)], [sequence(1, 3)]], 3)
  expect([tokens.batch, tokens.time, loss.batch, loss.time]).toEqual([2, 16, 3, 3])
  const found = Array.from(loss.mask, (one, at) =>
    one === 0 ? [] : [tokens.targets[places[at] ?? -1], loss.old[at]]
  )
  expect(found).toEqual([[4, -0.5], [5, -1.5], [], [4, -0.5], [], [], [4, -0.5], [5, -1.5], [6, -2.5]])
  expect(Array.from(loss.weights)).toEqual([2, 2, 2])
})
