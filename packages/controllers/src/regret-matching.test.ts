import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import fc from "fast-check"
import { regretMatching, restoreRegretMatching } from "./regret-matching.ts"

const legal = { names: ["skip", "speak"], fallback: "speak" }

describe("regretMatching", () => {
  it("follows three updates done by hand", () => {
    const controller = regretMatching({ averaging: "uniform" })
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
    const controller = regretMatching({ plus: true })
    controller.update("s", legal, [1, -1]) // R = (1, 0) after clipping
    controller.update("s", legal, [-1, 1]) // pi = (1, 0), r = (0, 2), R = (1, 2)
    expect(controller.strategy("s", legal, "current")).toEqual([1 / 3, 2 / 3])
    expect(controller.strategy("s", legal, "average")).toEqual([2.5 / 3, 0.5 / 3])
    // the true external regret is (1, -1) + (0, 2), which RM+ does not follow
    expect(controller.regret()[0]?.averageRegret).toBe(0.5)
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
        fc.boolean(),
        fc.integer({ min: 2, max: 4 }).chain((n) =>
          fc.record({
            n: fc.constant(n),
            steps: fc.array(fc.array(value, { minLength: n, maxLength: n }), { minLength: 1, maxLength: 60 })
          })
        ),
        (plus, { n, steps }) => {
          const controller = regretMatching({ plus })
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
      { numRuns: 200 }
    )
  })

  it.effect("comes back from JSON bit by bit, and goes on as if it had never stopped", () =>
    Effect.gen(function* () {
      for (const options of [{}, { plus: true }, { averaging: "uniform" as const }]) {
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
      const refused = (changed: object, options = {}) =>
        Effect.map(
          Effect.flip(restoreRegretMatching(options, { ...snapshot, ...changed })),
          (error) => error.message
        )
      expect(yield* refused({ kind: "bandit" })).toContain('"bandit" cannot be restored as "regret-matching"')
      expect(yield* refused({ version: 7 })).toContain("format version 7; this release reads version 1")
      expect(yield* refused({}, { plus: true })).toContain(
        "RM with linear averaging cannot be restored as RM+"
      )
      expect(yield* refused({ state: { rows: 3 } })).toContain("damaged")
    })
  )
})
