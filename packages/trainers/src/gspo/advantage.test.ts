import fc from "fast-check"
import { expect, test } from "vitest"
import { groupAdvantages, tokenAdvantages } from "./advantage.ts"

const rewards = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 2, maxLength: 8 })

test("one right of four earns 1.7321, the others lose 0.5774", () => {
  const [right, ...wrong] = groupAdvantages([1, -1, -1, -1]) ?? []
  expect(right).toBeCloseTo(1.7321, 4)
  expect(wrong).toHaveLength(3)
  for (const advantage of wrong) expect(advantage).toBeCloseTo(-0.5774, 4)
})

test("rewards that are all but alike, or not finite, carry no signal", () => {
  expect(groupAdvantages([1, 1, 1, 1])).toBeUndefined()
  expect(groupAdvantages([0.5])).toBeUndefined()
  expect(groupAdvantages([])).toBeUndefined()
  expect(groupAdvantages([1, 1.09])).toBeUndefined()
  expect(groupAdvantages([1, 1.11])).toBeDefined()
  expect(groupAdvantages([1, Number.NaN])).toBeUndefined()
  expect(groupAdvantages([1, Number.POSITIVE_INFINITY])).toBeUndefined()
  expect(groupAdvantages([0.5, 0.5, 0.5], { minimumSpread: 0 })).toBeUndefined()
})

test("advantages sum to 0, have deviation 1, and ignore a constant added to the rewards and their scale", () => {
  fc.assert(
    fc.property(
      rewards,
      fc.integer({ min: -50, max: 50 }),
      fc.integer({ min: 1, max: 9 }),
      (some, constant, scale) => {
        const advantages = groupAdvantages(some)
        const moved = groupAdvantages(some.map((reward) => reward * scale + constant))
        expect(moved === undefined).toBe(advantages === undefined)
        if (advantages === undefined) return
        const size = advantages.length
        expect(advantages.reduce((sum, advantage) => sum + advantage, 0)).toBeCloseTo(0, 6)
        expect(advantages.reduce((sum, advantage) => sum + advantage ** 2, 0) / size).toBeCloseTo(1, 5)
        advantages.forEach((advantage, i) => {
          expect(moved?.[i]).toBeCloseTo(advantage, 5)
        })
      }
    )
  )
})

test("advantages by token have mean 0 and deviation 1 over utterances, whatever their lengths", () => {
  // Means 1 and -1, so mean 0; variance ((1 + 9) / 2 / 2 + (1 + 1 + 1 + 1) / 4) / 2, deviation sqrt(3).
  const advantages = tokenAdvantages([
    [-1, 3],
    [-1, -1, -1, -1]
  ])
  const unit = 1 / Math.sqrt(3)
  expect(advantages?.map((row) => row.length)).toEqual([2, 4])
  advantages?.flat().forEach((advantage, i) => {
    expect(advantage).toBeCloseTo(i === 1 ? 3 * unit : -unit, 6)
  })
})

test("rewards that are alike within each utterance give the utterances' advantages", () => {
  fc.assert(
    fc.property(
      rewards,
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 8, maxLength: 8 }),
      (some, lengths) => {
        const rows = some.map((reward, i) => Array.from({ length: lengths[i] ?? 1 }, () => reward))
        const expected = groupAdvantages(some)?.map((advantage, i) => Array(lengths[i] ?? 1).fill(advantage))
        const found = tokenAdvantages(rows)
        expect(found === undefined).toBe(expected === undefined)
        found?.flat().forEach((advantage, i) => {
          expect(advantage).toBeCloseTo(expected?.flat()[i] ?? Number.NaN, 9)
        })
      }
    )
  )
})

test("rewards that differ within one utterance alone carry a signal", () => {
  expect(tokenAdvantages([[1, -1], [0]])).toBeDefined()
  expect(tokenAdvantages([[0, 0], [0]])).toBeUndefined()
  expect(tokenAdvantages([[0, Number.NaN], [1]])).toBeUndefined()
})
