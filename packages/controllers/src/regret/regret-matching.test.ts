import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import fc from "fast-check"
import { regretMatching, restoreRegretMatching } from "./regret-matching.ts"
import type { RegretMatchingOptions } from "./regret-variant.ts"

const family: ReadonlyArray<RegretMatchingOptions> = [
  { variant: "rm" },
  { variant: "rm", gamma: 0 },
  { variant: "rm+" },
  { variant: "linear" },
  { variant: "dcfr" },
  { variant: "dcfr", alpha: 2, beta: 0.5, gamma: 1 },
  { variant: "predictive" },
  { variant: "rm", sampling: "outcome" }
]
const legal = { names: ["skip", "speak"], fallback: "speak" }

describe("regretMatching", () => {
  it("follows three updates done by hand", () => {
    const controller = regretMatching({ gamma: 0 })
    expect(controller.strategy("s", legal, "current")).toEqual([0.5, 0.5])
    controller.update("s", legal, [1, -1]) // pi = (1/2, 1/2), expected 0, R = (1, -1)
    expect(controller.strategy("s", legal, "current")).toEqual([1, 0])
    controller.update("s", legal, [-1, 1]) // pi = (1, 0), expected -1, r = (0, 2), R = (1, 1)
    expect(controller.strategy("s", legal, "current")).toEqual([0.5, 0.5])
    controller.update("s", legal, [0, 1]) // pi = (1/2, 1/2), expected 1/2, R = (1/2, 3/2)
    expect(controller.strategy("s", legal, "current")).toEqual([0.25, 0.75])
    // S = (1/2, 1/2) + (1, 0) + (1/2, 1/2)
    expect(controller.strategy("s", legal, "average")).toEqual([2 / 3, 1 / 3])
    const [state] = controller.regret()
    expect(state).toEqual({
      info: "s",
      actions: ["skip", "speak"],
      average: [2 / 3, 1 / 3],
      visits: 3,
      averageRegret: 0.5,
      bound: 2 / Math.sqrt(3),
      invariantHolds: true // 0.25 + 2.25 <= 2 + 4 + 0.5
    })
  })

  it("clips and averages linearly as RM+", () => {
    const controller = regretMatching({ variant: "rm+" })
    controller.update("s", legal, [1, -1]) // R = (1, 0) after clipping
    controller.update("s", legal, [-1, 1]) // pi = (1, 0), r = (0, 2), R = (1, 2)
    expect(controller.strategy("s", legal, "current")).toEqual([1 / 3, 2 / 3])
    expect(controller.strategy("s", legal, "average")).toEqual([2.5 / 3, 0.5 / 3])
    // the true external regret is (1, -1) + (0, 2), which RM+ does not follow
    expect(controller.regret()[0]?.averageRegret).toBe(0.5)
  })

  it("weighs the t-th regret by t as linear CFR", () => {
    const controller = regretMatching({ variant: "linear" })
    controller.update("s", legal, [1, -1]) // R = (1, -1) / 2
    controller.update("s", legal, [-1, 1]) // pi = (1, 0), r = (0, 2), R = (1/2, 3/2) 2/3
    const [skip = 0, speak = 0] = controller.strategy("s", legal, "current")
    expect(skip).toBeCloseTo(1 / 4, 12)
    expect(speak).toBeCloseTo(3 / 4, 12)
    expect(controller.strategy("s", legal, "average")).toEqual([2.5 / 3, 0.5 / 3])
    const [state] = controller.regret()
    expect(state?.averageRegret).toBe(1) // (1 (1, -1) + 2 (0, 2)) / 3
    expect(state?.bound).toBeCloseTo((2 * Math.sqrt(1 + 4)) / 3, 12)
  })

  it("discounts both signs by themselves as DCFR", () => {
    const controller = regretMatching({ variant: "dcfr" })
    controller.update("s", legal, [1, -1]) // R = (1 / 2, -1 / 2): half is left of both after the first update
    controller.update("s", legal, [-1, 1]) // r = (0, 2), R = (1/2, 3/2) 2^1.5 / (2^1.5 + 1)
    controller.update("s", legal, [1, -1]) // pi = (1/4, 3/4), expected -1/2, r = (3/2, -1/2)
    const kept = 2 ** 1.5 / (2 ** 1.5 + 1)
    const regrets = [0.5 * kept + 1.5, 1.5 * kept - 0.5]
    const total = (regrets[0] ?? 0) + (regrets[1] ?? 0)
    const [skip = 0] = controller.strategy("s", legal, "current")
    expect(skip).toBeCloseTo((regrets[0] ?? 0) / total, 12)
    // S = 1 (1/2, 1/2) + 4 (1, 0) + 9 (1/4, 3/4)
    expect(controller.strategy("s", legal, "average")[0]).toBeCloseTo(6.75 / 14, 12)
    // 1 (1, -1) + 4 (0, 2) + 9 (3/2, -1/2) = (14.5, 2.5)
    expect(controller.regret()[0]?.averageRegret).toBeCloseTo(14.5 / 14, 12)
  })

  it("plays against what it has last regretted as predictive RM+", () => {
    const controller = regretMatching({ variant: "predictive" })
    controller.update("s", legal, [1, -1]) // R = (1, 0), foreseen (1, -1)
    expect(controller.strategy("s", legal, "current")).toEqual([1, 0])
    controller.update("s", legal, [-1, 1]) // r = (0, 2), R = (1, 2), foreseen (0, 2)
    expect(controller.strategy("s", legal, "current")).toEqual([0.2, 0.8])
    expect(controller.strategy("s", legal, "average")).toEqual([0.9, 0.1]) // 1 (1/2, 1/2) + 4 (1, 0)
    const [state] = controller.regret()
    expect(state?.averageRegret).toBe(0.5)
    expect(state?.bound).toBeCloseTo(Math.sqrt(1 + 1 + 1 + 9) / 2, 12) // (1, -1), then (0, 2) less (1, -1)
  })

  it("learns from the played action alone by outcome sampling, right on average", () => {
    const controller = regretMatching({ sampling: "outcome" })
    const played = { action: "skip", strategy: [0.25, 0.75] }
    controller.update("s", legal, [0.5, 99], { played }) // values (0.5 / 0.25, 0), expected 1, r = (1, -1)
    expect(controller.strategy("s", legal, "current")).toEqual([1, 0])
    expect(controller.regret()[0]).toMatchObject({ averageRegret: 1, bound: 2 })
    const strategy = [0.2, 0.3, 0.5]
    const names = ["a", "b", "c"]
    const values = [0.6, -0.4, 0.1]
    const three = { names, fallback: "a" }
    const regretsOf = (taught: ReturnType<typeof regretMatching>): ReadonlyArray<number> =>
      JSON.parse(JSON.stringify(taught.snapshot())).state.rows[0].regrets
    const mean = [0, 0, 0]
    for (const [i, action] of names.entries()) {
      const one = regretMatching({ sampling: "outcome" })
      one.update("s", three, values, { played: { action, strategy } })
      for (const [a, regret] of regretsOf(one).entries())
        mean[a] = (mean[a] ?? 0) + (strategy[i] ?? 0) * regret
    }
    const full = regretMatching()
    full.update("s", three, values)
    for (const [a, regret] of regretsOf(full).entries()) expect(mean[a]).toBeCloseTo(regret, 12)
  })

  it("claims of a discount that no theorem covers that regret stays within the range of values, and no more", () => {
    const [known, other] = [{}, { alpha: 2 }].map((options) => {
      const controller = regretMatching({ variant: "dcfr", ...options })
      for (let t = 0; t < 10_000; t++) controller.update("s", legal, [1, t % 2])
      return controller.regret()[0]?.bound
    })
    expect(known).toBeCloseTo((6 * (Math.SQRT2 + 1 / 100)) / 100, 12)
    expect(other).toBe(1)
  })

  it("refuses a discount's exponents where nothing is discounted by them", () => {
    expect(() => regretMatching({ variant: "rm+", alpha: 1 })).toThrow(/alpha and beta belong to .*dcfr/)
  })

  it("plays the fallback on average, and uniformly in training, where it has never been", () => {
    const controller = regretMatching()
    expect(controller.strategy("new", legal, "average")).toEqual([0, 1])
    expect(controller.strategy("new", legal, "current")).toEqual([0.5, 0.5])
    controller.update("new", legal, [1, 0], { reach: 0 })
    expect(controller.strategy("new", legal, "average")).toEqual([0, 1])
  })

  it("refuses values that would poison the table, and one state with two sets of actions", () => {
    const controller = regretMatching()
    controller.update("s", legal, [0, 1])
    expect(() => controller.update("s", legal, [0, Number.NaN])).toThrow(/finite/)
    expect(() => controller.update("s", legal, [0])).toThrow(/one finite number for each/)
    expect(() =>
      controller.strategy("s", { names: ["keep", "propose"], fallback: "keep" }, "current")
    ).toThrow(/\[keep, propose\] here and \[skip, speak\] before/)
  })

  it("keeps nothing of a lesson that it refuses", () => {
    const controller = regretMatching({ sampling: "outcome" })
    const played = { action: "skip", strategy: [0, 1] }
    expect(() => controller.update("s", legal, [0, 1], { played })).toThrow(/"skip" was played, drawn from/)
    expect(controller.snapshot().state).toMatchObject({ rows: [] })
    expect(controller.regret()).toEqual([])
  })

  it("promises sqrt(actions) more where there are more than two", () => {
    const controller = regretMatching()
    const names = ["silent", "comment", "answer"]
    for (let t = 0; t < 4; t++) controller.update("s", { names, fallback: "silent" }, [0, 1, 2])
    expect(controller.regret()[0]?.bound).toBeCloseTo((2 * Math.sqrt(3)) / 2, 12)
  })

  it("keeps the average regret under its bound, and the invariant, whatever the values", () => {
    const value = fc.double({ min: -1, max: 1, noNaN: true })
    fc.assert(
      fc.property(
        fc.constantFrom(...family),
        fc.integer({ min: 2, max: 4 }).chain((n) =>
          fc.record({
            n: fc.constant(n),
            steps: fc.array(fc.array(value, { minLength: n, maxLength: n }), { minLength: 1, maxLength: 60 })
          })
        ),
        (options, { n, steps }) => {
          const controller = regretMatching(options)
          const names = Array.from({ length: n }, (_, a) => `a${a}`)
          for (const values of steps) controller.update("s", { names, fallback: "a0" }, values)
          const [state] = controller.regret()
          expect(state?.invariantHolds).toBe(true)
          expect(state?.averageRegret ?? 1).toBeLessThanOrEqual((state?.bound ?? 0) + 1e-9)
          for (const mode of ["current", "average"] as const) {
            const strategy = controller.strategy("s", { names, fallback: "a0" }, mode)
            expect(strategy.every((p) => p >= 0)).toBe(true)
            expect(strategy.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12)
          }
        }
      ),
      { numRuns: 500 }
    )
  })

  it.effect("comes back from JSON bit by bit, and goes on as if it had never stopped", () =>
    Effect.gen(function* () {
      for (const options of family) {
        const controller = regretMatching(options)
        for (let i = 0; i < 50; i++) {
          controller.update(`s${i % 3}`, legal, [Math.sin(i) / 3, -0 * i], { reach: (i % 7) / 7 })
        }
        const snapshot = controller.snapshot()
        const restored = yield* restoreRegretMatching(options, JSON.parse(JSON.stringify(snapshot)))
        expect(restored.snapshot()).toStrictEqual(snapshot)
        for (const c of [controller, restored]) c.update("s1", legal, [0.1, 0.2])
        expect(restored.snapshot()).toStrictEqual(controller.snapshot())
        expect(restored.regret()).toStrictEqual(controller.regret())
      }
    })
  )

  it.effect("refuses a snapshot of another kind, version or variant, or a damaged one", () =>
    Effect.gen(function* () {
      const snapshot = regretMatching().snapshot()
      const refused = (changed: object, options: RegretMatchingOptions = {}) =>
        Effect.map(
          Effect.flip(restoreRegretMatching(options, { ...snapshot, ...changed })),
          (error) => error.message
        )
      expect(yield* refused({ kind: "bandit" })).toContain('"bandit" cannot be restored as "regret-matching"')
      expect(yield* refused({ version: 7 })).toContain("format version 7; this release reads version 2")
      expect(yield* refused({}, { variant: "rm+" })).toBe(
        "A snapshot of rm with gamma 1 cannot be restored as rm+ with gamma 1."
      )
      expect(yield* refused({}, { gamma: 0 })).toContain("restored as rm with gamma 0")
      expect(yield* refused({}, { sampling: "outcome" })).toContain("rm with gamma 1, by outcome sampling")
      expect(yield* refused({ state: { rows: 3 } })).toContain("damaged")
      expect(yield* refused({ state: { options: { variant: "rm", alpha: 1 }, rows: [] } })).toContain(
        "damaged"
      )
    })
  )

  it.effect("still reads what the first format holds", () =>
    Effect.gen(function* () {
      const row = {
        ...{ info: "s", actions: ["skip", "speak"], strategySum: [2.5, 0.5], visits: 2 },
        ...{ squaredRegret: 6, low: -1, high: 1 }
      }
      const first = (state: object) => ({
        kind: "regret-matching",
        version: 1,
        state: JSON.parse(JSON.stringify(state))
      })
      const rm = yield* restoreRegretMatching(
        { gamma: 0 },
        first({ plus: false, averaging: "uniform", rows: [{ ...row, regrets: [1, 1] }] })
      )
      expect(rm.strategy("s", legal, "current")).toEqual([0.5, 0.5])
      expect(rm.regret()[0]).toMatchObject({ averageRegret: 0.5, visits: 2, bound: 2 / Math.SQRT2 })
      const clipped = [{ ...row, regrets: [1, 2], external: [1, 1] }]
      const saved = first({ plus: true, averaging: "linear", rows: clipped })
      const plus = yield* restoreRegretMatching({ variant: "rm+" }, saved)
      const fresh = regretMatching({ variant: "rm+" })
      for (const values of [
        [1, -1],
        [-1, 1]
      ])
        fresh.update("s", legal, values)
      expect(plus.snapshot()).toStrictEqual(fresh.snapshot())
    })
  )
})
