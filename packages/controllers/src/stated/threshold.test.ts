import type { TranscriptEntry, View } from "@tracer-sdk/core"
import { describe, expect, it } from "vitest"
import { randomController } from "./random.ts"
import { type ThresholdControllerOptions, thresholdController } from "./threshold.ts"

const review = { names: ["skip", "review"], fallback: "review", spoken: ["review"] }
const speaks = (options: ThresholdControllerOptions, info: string, view?: View) =>
  thresholdController(options).strategy(info, review, "average", view)[1]

describe("thresholdController", () => {
  it("speaks below a number of votes, by the information state", () => {
    expect(speaks({}, "vote=0 round=open")).toBe(1)
    expect(speaks({}, "vote=+1 round=open")).toBe(0)
    expect(speaks({}, "round=last vote=-2")).toBe(1)
    expect(speaks({ below: 3 }, "vote=+2")).toBe(1)
    expect(speaks({ below: 0 }, "vote=0")).toBe(0)
    expect(speaks({ below: 2, above: -2 }, "vote=-2")).toBe(0)
    expect(speaks({ below: 2, above: -2 }, "vote=-1")).toBe(1)
  })

  it("speaks where no readable answer is pending", () => {
    expect(speaks({ below: -5 }, "vote=none round=open")).toBe(1)
    expect(speaks({ below: -5 }, "vote=unparsed round=open")).toBe(1)
  })

  it("counts the votes of a view where the information state does not tell them", () => {
    const task = { id: "t", question: "?" }
    const answer = { text: "5", canonical: "5" }
    const entry = { agent: "ann", seat: "proposer", action: "propose", role: "proposer" }
    const proposed: TranscriptEntry = {
      ...entry,
      ...{ round: 1, text: "5", reading: { kind: "proposal", answer } }
    }
    const vote = (round: number, right: boolean): TranscriptEntry => ({
      ...entry,
      ...{ round, text: "!", reading: { kind: "verdict", verdict: right ? "right" : "wrong" } }
    })
    const seen = (...votes: ReadonlyArray<TranscriptEntry>): View => ({
      task,
      transcript: [proposed, ...votes],
      pending: { text: "5", answer }
    })
    expect(speaks({}, "round=open", seen())).toBe(1)
    expect(speaks({}, "round=open", seen(vote(2, true)))).toBe(0)
    expect(speaks({}, "round=open", seen(vote(2, true), vote(3, false)))).toBe(1)
    expect(speaks({ below: -9 }, "round=open", { task, transcript: [] })).toBe(1)
  })

  it("plays actions of a kind alike, and what is legal where there is no choice between speech and silence", () => {
    const controller = thresholdController()
    const several = {
      names: ["silent", "remark", "answer"],
      fallback: "silent",
      spoken: ["remark", "answer"]
    }
    expect(controller.strategy("vote=0", several, "current")).toEqual([0, 0.5, 0.5])
    const loud = { names: ["remark", "answer"], fallback: "answer", spoken: ["remark", "answer"] }
    expect(controller.strategy("vote=+3", loud, "current")).toEqual([0.5, 0.5])
  })

  it("refuses bounds that no votes lie between", () => {
    expect(() => thresholdController({ below: 1, above: 0 })).toThrow(
      "no votes are more than above (0) and fewer than below (1)"
    )
  })

  it("plays the fallback where nothing tells what speaks, or how many votes there are", () => {
    const controller = thresholdController()
    expect(controller.strategy("vote=0", { names: ["a", "b"], fallback: "b" }, "average")).toEqual([0, 1])
    expect(controller.strategy("round=open", review, "average")).toEqual([0, 1])
    expect(controller.strategy("round=open", review, "current")).toEqual([0.5, 0.5])
  })
})

describe("randomController", () => {
  it("plays every action alike, and never learns", () => {
    const controller = randomController()
    controller.update("s", review, [1, -1])
    expect(controller.strategy("s", review, "average")).toEqual([0.5, 0.5])
    const three = { names: ["a", "b", "c"], fallback: "a" }
    expect(controller.strategy("s", three, "current")).toEqual([1 / 3, 1 / 3, 1 / 3])
  })
})
