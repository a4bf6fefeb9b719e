import { describe, expect, it } from "vitest"
import { compareInfo, featureNames } from "./info-order.ts"

describe("compareInfo", () => {
  it("orders votes as numbers, words before them", () => {
    const states = [
      "vote=+1 round=last",
      "vote=-2 round=open",
      "vote=unparsed round=open",
      "vote=10 round=open",
      "vote=none round=open",
      "vote=+1 round=open",
      "vote=2 round=open"
    ]
    expect(states.toSorted(compareInfo)).toEqual([
      "vote=none round=open",
      "vote=unparsed round=open",
      "vote=-2 round=open",
      "vote=+1 round=last",
      "vote=+1 round=open",
      "vote=2 round=open",
      "vote=10 round=open"
    ])
  })

  it("takes states without names as they are", () => {
    expect(["K pass", "J", "K"].toSorted(compareInfo)).toEqual(["J", "K", "K pass"])
  })
})

describe("featureNames", () => {
  it("names what a state tells of", () => {
    expect(featureNames("vote=-1 round=open")).toBe("vote round")
    expect(featureNames("J")).toBe("")
  })
})
