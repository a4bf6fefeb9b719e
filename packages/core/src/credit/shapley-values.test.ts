import { Effect } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { seedKey } from "../random.ts"
import { type Coalition, shapleyValues } from "./shapley-values.ts"

const settings = { exactUpTo: 8, permutations: 64, key: seedKey(1), concurrency: 4 }

const valuesOf = (
  players: number,
  worth: (coalition: Coalition) => number,
  changed: Partial<typeof settings> = {}
) =>
  Effect.runSync(
    shapleyValues(players, (coalition) => Effect.succeed(worth(coalition)), { ...settings, ...changed })
  )

const maskOf = (coalition: Coalition) =>
  coalition.reduce((mask, member, i) => mask + (member ? 2 ** i : 0), 0)
const sum = (values: ReadonlyArray<number>) => values.reduce((a, b) => a + b, 0)

/** A game of n players by the worth of each of its coalitions, and by which of them is looked at. */
const game = (most: number) =>
  fc
    .integer({ min: 1, max: most })
    .chain((n) =>
      fc.tuple(
        fc.constant(n),
        fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 2 ** n, maxLength: 2 ** n }),
        fc.nat({ max: n - 1 })
      )
    )

describe("exact Shapley values", () => {
  it("are 2/3, 1/6 and 1/6 for a left glove and two right ones, of which a pair is worth 1", () => {
    const values = valuesOf(3, ([left, right, other]) => (left && (right || other) ? 1 : 0))
    for (const [i, expected] of [2 / 3, 1 / 6, 1 / 6].entries()) expect(values[i]).toBeCloseTo(expected, 12)
  })

  it("share a runway by who needs how much of it (Littlechild and Owen 1973)", () => {
    const lengths = [8, 11, 13, 18]
    const values = valuesOf(4, (coalition) => Math.max(0, ...lengths.filter((_, i) => coalition[i])))
    // 8/4; + 3/3; + 2/2; + 5.
    for (const [i, expected] of [2, 3, 4, 9].entries()) expect(values[i]).toBeCloseTo(expected, 12)
  })

  it("ask for every coalition once", () => {
    const asked: Array<number> = []
    valuesOf(5, (coalition) => asked.push(maskOf(coalition)))
    expect(asked.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 32 }, (_, i) => i))
  })

  it("are efficient: they sum to the worth of all less that of none", () => {
    fc.assert(
      fc.property(game(6), ([n, worths]) => {
        const values = valuesOf(n, (coalition) => worths[maskOf(coalition)] ?? 0)
        expect(sum(values)).toBeCloseTo((worths.at(-1) ?? 0) - (worths[0] ?? 0), 10)
      })
    )
  })

  it("give 0 to who adds nothing, and its due to who adds the same everywhere", () => {
    fc.assert(
      fc.property(game(5), fc.double({ min: -2, max: 2, noNaN: true }), ([n, worths, alone], adds) => {
        const values = valuesOf(n, (coalition) => {
          const others = coalition.map((member, i) => member && i !== alone)
          return (worths[maskOf(others)] ?? 0) + (coalition[alone] === true ? adds : 0)
        })
        expect(values[alone]).toBeCloseTo(adds, 10)
      })
    )
  })

  it("are symmetric: players who can stand in for each other are worth the same", () => {
    fc.assert(
      fc.property(game(5), ([n, worths, first]) => {
        const second = (first + 1) % n
        const values = valuesOf(n, (coalition) => {
          const either = [coalition[first] === true, coalition[second] === true]
          const ordered = coalition.map((member, i) =>
            i === first ? either.some(Boolean) : i === second ? either.every(Boolean) : member
          )
          return worths[maskOf(ordered)] ?? 0
        })
        expect(values[first]).toBeCloseTo(values[second] ?? Number.NaN, 10)
      })
    )
  })
})

describe("sampled Shapley values", () => {
  const sampled = { exactUpTo: 0 }

  it("are efficient with any number of orders, too, and give 0 to who adds nothing", () => {
    fc.assert(
      fc.property(
        game(6),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(),
        ([n, worths, alone], permutations, seed) => {
          const values = valuesOf(
            n,
            (coalition) => worths[maskOf(coalition.map((member, i) => member && i !== alone))] ?? 0,
            { ...sampled, permutations, key: seedKey(seed) }
          )
          const all = worths[2 ** n - 1 - 2 ** alone] ?? 0
          expect(sum(values)).toBeCloseTo(all - (worths[0] ?? 0), 10)
          expect(values[alone]).toBe(0)
        }
      )
    )
  })

  it("come near the exact ones, and are the same for the same key", () => {
    const glove = ([left, right, other]: Coalition) => (left && (right || other) ? 1 : 0)
    const many = { ...sampled, permutations: 3000 }
    const values = valuesOf(3, glove, many)
    // A standard error of at most sqrt(2/9 / 3000) = 0.0086; four of them.
    for (const [i, expected] of [2 / 3, 1 / 6, 1 / 6].entries()) {
      expect(Math.abs((values[i] ?? 0) - expected)).toBeLessThan(0.035)
    }
    expect(valuesOf(3, glove, many)).toEqual(values)
    expect(valuesOf(3, glove, { ...many, key: seedKey(2) })).not.toEqual(values)
  })

  it("play every order backwards, too: a game of pairs is exact with one pair of orders", () => {
    // Where worth is a sum over pairs of players, each pair's is added forwards by the one and backwards by the other.
    const pairs = (coalition: Coalition) => {
      const size = coalition.filter(Boolean).length
      return (size * (size - 1)) / 2
    }
    for (const value of valuesOf(10, pairs, { permutations: 2 })) expect(value).toBeCloseTo(4.5, 12)
  })

  it("ask for few of the coalitions of many players", () => {
    let asked = 0
    valuesOf(20, () => asked++, { permutations: 8 })
    expect(asked).toBeLessThanOrEqual(8 * 19 + 2)
  })
})
