import { type Controller, normal, pickIndex, seedKey, split, uniform } from "@tracer-sdk/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { exp3Controller } from "./exp3.ts"
import { thompsonController } from "./thompson.ts"

const legal = { names: ["skip", "speak"], fallback: "speak" }
const only = (action: string, probability = 0.5) => ({
  played: { action, strategy: legal.names.map((name) => (name === action ? probability : 1 - probability)) }
})

describe("exp3Controller", () => {
  it("follows two updates done by hand", () => {
    const controller = exp3Controller({ gamma: 0.5, low: -1, high: 1 })
    controller.update("s", legal, [0.5, 99], only("skip")) // gain 0.75 / 0.5 = 1.5 for skip; speak was not played
    const odds = Math.exp((0.5 * 1.5) / 2)
    const [skip, speak] = controller.strategy("s", legal, "current")
    expect(skip).toBeCloseTo((0.5 * odds) / (odds + 1) + 0.25, 12)
    expect(speak).toBeCloseTo(0.5 / (odds + 1) + 0.25, 12)
    controller.update("s", legal, [0, 1], only("speak", 0.25)) // gain 1 / 0.25 = 4 for speak
    const weights = [Math.exp(0.375), Math.exp(1)]
    const total = (weights[0] ?? 0) + (weights[1] ?? 0)
    expect(controller.strategy("s", legal, "current")[0]).toBeCloseTo(
      (0.5 * (weights[0] ?? 0)) / total + 0.25,
      12
    )
    // The average of the weights before each update, the second counted twice.
    expect(controller.strategy("s", legal, "average")[0]).toBeCloseTo((0.5 + (2 * odds) / (odds + 1)) / 3, 12)
  })

  it("cuts off what lies beyond its range, and refuses a range without width", () => {
    const [one, other] = [2, 50].map((value) => {
      const controller = exp3Controller({ low: -1, high: 1 })
      controller.update("s", legal, [value, -value])
      return controller.strategy("s", legal, "current")
    })
    expect(one).toEqual(other)
    expect(() => exp3Controller({ low: 1, high: 1 })).toThrow(/low \(1\) is not below high/)
  })

  it("refuses to hear of an action that could not have been played", () => {
    expect(() => exp3Controller().update("s", legal, [0, 0], only("skip", 0))).toThrow(/"skip" was played/)
    expect(() => thompsonController().update("s", legal, [0, 0], only("shout"))).toThrow(/"shout" was played/)
  })

  it("estimates gains that are right on average, whatever it explores", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 0.95, noNaN: true }), (p) => {
        const gain = (action: string, probability: number) => {
          const controller = exp3Controller({ gamma: 1, low: 0, high: 1 })
          controller.update("s", legal, [0.3, 0.8], only(action, probability))
          const [skip = 0, speak = 0] = JSON.parse(JSON.stringify(controller.snapshot())).state.rows[0].gains
          return [skip, speak]
        }
        const [skipped = [], spoke = []] = [gain("skip", p), gain("speak", 1 - p)]
        expect(p * (skipped[0] ?? 0) + (1 - p) * (spoke[0] ?? 0)).toBeCloseTo(0.3, 12)
        expect(p * (skipped[1] ?? 0) + (1 - p) * (spoke[1] ?? 0)).toBeCloseTo(0.8, 12)
      })
    )
  })
})

describe("thompsonController", () => {
  it("follows its posterior, done by hand", () => {
    const controller = thompsonController({ noise: 2, priorMean: 1, priorDeviation: 1 })
    controller.update("s", legal, [-1, 99], only("skip"))
    controller.update("s", legal, [-3, 99], only("skip"))
    // Skip: precision 1 + 2/4, mean (1 - 4/4) / 1.5 = 0, variance 2/3. Speak: as before, mean 1, variance 1.
    // Phi(-1 / sqrt(5/3)) = Phi(-0.7745966692414834)
    expect(controller.strategy("s", legal, "current")[0]).toBeCloseTo(0.21928902, 7)
    expect(controller.strategy("s", legal, "average")).toEqual(controller.strategy("s", legal, "current"))
  })

  it("is not swayed by values of what was not played", () => {
    const [one, other] = [0, 77].map((unplayed) => {
      const controller = thompsonController()
      controller.update("s", legal, [1, unplayed], only("skip"))
      return controller.snapshot()
    })
    expect(one).toEqual(other)
  })
})

/** Regret per round against the better of two noisy actions, over a second half of the rounds: what is left once it has learned. */
const regretOf = (controller: Controller, rounds: number, seed: number): number => {
  const means = [-0.2, 0.3]
  const key = split(seedKey(seed), "bandit")
  let lost = 0
  for (let t = 0; t < rounds; t++) {
    const strategy = controller.strategy("s", legal, "current")
    const a = pickIndex(strategy, uniform(split(key, "play"), t))
    const values = means.map((mean, i) => mean + 0.5 * normal(split(key, "value", i), t))
    controller.update("s", legal, values, { played: { action: legal.names[a] ?? "", strategy } })
    if (t >= rounds / 2) lost += 0.3 - (means[a] ?? 0)
  }
  return lost / (rounds / 2)
}

describe("bandits", () => {
  it("learn the better of two actions from the played one alone, where uniform play loses 0.25 a round", () => {
    for (const seed of [1, 2, 3]) {
      expect(regretOf(thompsonController({ noise: 0.5 }), 1_000, seed)).toBeLessThan(0.01)
      // EXP3 goes on with a tenth of its play uniform, which alone loses 0.025.
      expect(regretOf(exp3Controller({ gamma: 0.1 }), 4_000, seed)).toBeLessThan(0.08)
    }
  })

  it("keep information states apart", () => {
    for (const controller of [thompsonController(), exp3Controller()]) {
      for (let t = 0; t < 200; t++) {
        controller.update("a", legal, [1, -1], only("skip"))
        controller.update("b", legal, [-1, 1], only("speak"))
      }
      expect(controller.strategy("a", legal, "average")[0]).toBeGreaterThan(0.7)
      expect(controller.strategy("b", legal, "average")[0]).toBeLessThan(0.3)
      expect(controller.strategy("c", legal, "average")).toEqual([0, 1])
    }
  })
})
