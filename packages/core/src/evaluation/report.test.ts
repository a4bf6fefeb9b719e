import { Schema } from "effect"
import { describe, expect, it } from "vitest"
import { numericGrader } from "../answer/index.ts"
import type { Task } from "../task.ts"
import type { Reading, TranscriptEntry } from "../transcript.ts"
import { EvaluationReport, type ReportedEpisode, reportOf } from "./report.ts"

const task: Task = { id: "t", question: "2 + 3?", gold: "5" }

const spoken = (seat: "proposer" | "reviewer", reading: Reading): TranscriptEntry => ({
  round: 1,
  agent: seat === "proposer" ? "ada" : "bob",
  seat,
  action: "speak",
  role: seat,
  text: "",
  reading
})
const answerOf = (value: number) => ({ text: String(value), canonical: String(value) })
const propose = (value: number) => spoken("proposer", { kind: "proposal", answer: answerOf(value) })
const says = (verdict: "right" | "wrong") => spoken("reviewer", { kind: "verdict", verdict })
const mumble = (expected: "proposal" | "verdict" | "comment") =>
  spoken(expected === "proposal" ? "proposer" : "reviewer", { kind: "unreadable", expected, reason: "noise" })
const silent: TranscriptEntry = { round: 2, agent: "bob", seat: "reviewer", action: "skip" }

/** A dialogue with 20 tokens read and 5 written for each call; the last proposal is the answer. */
const played = (
  transcript: ReadonlyArray<TranscriptEntry>,
  { on = task, choices = [] }: { readonly on?: Task; readonly choices?: ReportedEpisode["choices"] } = {}
): ReportedEpisode => {
  const calls = transcript.filter(({ role }) => role !== undefined).length
  const last = transcript.findLast(
    ({ seat, reading }) => seat === "proposer" && reading !== undefined
  )?.reading
  const answer = last?.kind === "proposal" ? last.answer : undefined
  return {
    number: 0,
    task: on,
    answer,
    correct: answer?.canonical === on.gold,
    transcript,
    calls,
    promptTokens: 20 * calls,
    completionTokens: 5 * calls,
    choices
  }
}

const report = (...episodes: ReadonlyArray<ReportedEpisode>) =>
  reportOf("team", episodes, () => numericGrader)

describe("reportOf", () => {
  const five = report(
    played([propose(4), says("wrong"), propose(5)]), // wrong to right
    played([propose(5), says("right")]), // stays right
    played([propose(5), says("wrong"), propose(4)]), // right to wrong
    played([mumble("proposal"), silent]), // no answer
    played([propose(4), mumble("verdict")]) // stays wrong
  )

  it("counts right answers, with Wilson's interval", () => {
    expect(five).toMatchObject({ system: "team", tasks: 5 })
    expect(five.accuracy.mean).toBe(2 / 5)
    // p = 0.4, n = 5, z^2 = 3.8415: (0.4 + 0.38415 -+ 1.96 sqrt(0.048 + 0.038415)) / 1.7683
    expect(five.accuracy.low).toBeCloseTo(0.1176, 4)
    expect(five.accuracy.high).toBeCloseTo(0.7693, 4)
  })

  it("gives tokens and calls as means per task, and each task's own", () => {
    // 3 + 2 + 3 + 1 + 2 calls
    expect(five.calls).toBe(11 / 5)
    expect(five.promptTokens).toBe(220 / 5)
    expect(five.completionTokens).toBe(55 / 5)
    expect(five.perTask.map(({ correct, tokens, calls }) => [correct, tokens, calls])).toEqual([
      [true, 75, 3],
      [true, 50, 2],
      [false, 75, 3],
      [false, 25, 1],
      [false, 50, 2]
    ])
  })

  it("follows answers from the first proposal to the end; an unreadable first one is wrong", () => {
    expect(five).toMatchObject({
      wrongToRight: 1,
      rightToWrong: 1,
      correction: { count: 1, of: 3 },
      preservation: { count: 1, of: 2 }
    })
  })

  it("counts missing answers apart from wrong ones", () => {
    expect(five.unparsed).toBe(1)
    expect(report(played([propose(4)])).unparsed).toBe(0)
  })

  it("holds verdicts against the truth", () => {
    expect(five.reviews).toEqual({
      wrongGivenWrong: { count: 1, of: 1 },
      wrongGivenRight: { count: 1, of: 2 },
      unreadable: 1,
      precision: 1 / 2, // of two WRONG one was true
      recall: 1,
      balancedAccuracy: (1 + 1 / 2) / 2
    })
  })

  it("judges a verdict by the answer that is pending when it is spoken", () => {
    const { reviews } = report(
      played([propose(4), says("right"), propose(5), says("right")]),
      played([propose(5), says("wrong"), mumble("proposal"), says("wrong"), says("right")])
    )
    expect(reviews).toMatchObject({
      // RIGHT of the first 4; of what could not be read once WRONG, once RIGHT.
      wrongGivenWrong: { count: 1, of: 3 },
      wrongGivenRight: { count: 1, of: 2 },
      unreadable: 0,
      precision: 1 / 2,
      recall: 1 / 3
    })
    expect(reviews?.balancedAccuracy).toBeCloseTo((1 / 3 + 1 / 2) / 2, 12)
  })

  it("has a balanced accuracy of one half for a constant verdict", () => {
    for (const verdict of ["right", "wrong"] as const) {
      const { reviews } = report(...[4, 4, 4, 5].map((value) => played([propose(value), says(verdict)])))
      expect(reviews?.balancedAccuracy).toBe(1 / 2)
    }
  })

  it("has the share of true verdicts as balanced accuracy where answers were all right or all wrong", () => {
    const { reviews } = report(
      played([propose(5), says("right"), says("right"), says("wrong"), says("right")])
    )
    expect(reviews).toMatchObject({ balancedAccuracy: 3 / 4, recall: 0, precision: 0 })
  })

  it("says nothing of reviews where nobody reviewed, comments that cannot be read included", () => {
    expect(report(played([propose(5), silent]))).not.toHaveProperty("reviews")
    expect(report(played([propose(5), mumble("comment")]))).not.toHaveProperty("reviews")
  })

  it("counts how often each controller spoke in each information state", () => {
    const choice = (controller: string, info: string, spoke: boolean) => ({
      controller,
      info,
      action: spoke ? "review" : "skip",
      spoke
    })
    const { speakRates } = report(
      played([propose(5)], {
        choices: [choice("bob.reviewer", "b", true), choice("ada.proposer", "b", false)]
      }),
      played([propose(5)], {
        choices: [choice("bob.reviewer", "b", false), choice("bob.reviewer", "a", true)]
      })
    )
    expect(speakRates).toEqual([
      { controller: "ada.proposer", info: "b", spoke: 0, of: 1 },
      { controller: "bob.reviewer", info: "a", spoke: 1, of: 1 },
      { controller: "bob.reviewer", info: "b", spoke: 1, of: 2 }
    ])
  })

  it("flags an accuracy below guessing, of tasks with choices alone", () => {
    const on = { ...task, choices: ["5", "6", "7", "8"] }
    const wrong = played([propose(6)], { on })
    const right = played([propose(5)], { on })
    expect(report(wrong, wrong, wrong, wrong).belowChance).toBe(true)
    expect(report(right, wrong, wrong, wrong).belowChance).toBe(false) // 1/4 is chance itself
    expect(report(right, wrong, wrong, wrong, wrong).belowChance).toBe(true) // 1/5
    expect(report(played([propose(4)])).belowChance).toBe(false)
  })

  it("knows nothing of no tasks", () => {
    expect(report()).toMatchObject({
      tasks: 0,
      accuracy: { mean: 0, low: 0, high: 1 },
      calls: 0,
      correction: { count: 0, of: 0 },
      belowChance: false,
      perTask: []
    })
  })

  it("is what its schema says, through JSON and back", () => {
    expect(Schema.decodeUnknownSync(EvaluationReport)(JSON.parse(JSON.stringify(five)))).toEqual(five)
  })
})
