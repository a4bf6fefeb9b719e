import { describe, expect, it } from "vitest"
import { fixedController } from "./fixed.ts"

const review = { names: ["skip", "review"], fallback: "review" }
const propose = { names: ["keep", "propose"], fallback: "keep" }

describe("fixedController", () => {
  it("plays legal actions in proportion to their weights", () => {
    const speaks = fixedController({ weights: { review: 1, propose: 1 } })
    expect(speaks.strategy("s", review, "average")).toEqual([0, 1])
    expect(speaks.strategy("s", propose, "current")).toEqual([0, 1])
    expect(fixedController({ weights: { skip: 3, review: 1 } }).strategy("s", review, "average")).toEqual([
      0.75, 0.25
    ])
  })

  it("plays uniformly or the fallback where no legal action has a weight, and never learns", () => {
    const uniform = fixedController()
    uniform.update("s", review, [1, -1])
    expect(uniform.strategy("s", review, "current")).toEqual([0.5, 0.5])
    expect(
      fixedController({ weights: { review: 1 }, otherwise: "fallback" }).strategy("s", propose, "average")
    ).toEqual([1, 0])
  })
})
