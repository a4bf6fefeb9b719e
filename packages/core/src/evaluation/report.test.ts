import { Schema } from "effect"
import { describe, expect, it } from "vitest"
import { numericGrader } from "../answer/index.ts"
import type { PlayedTurn } from "../credit.ts"
import type { Task } from "../task.ts"
import type { PendingAnswer, Reading } from "../transcript.ts"
import { type ReportedEpisode, recordOf } from "./dialogue-record.ts"
import { EvaluationReport, reportOf } from "./report.ts"

const task: Task = { id: "t", question: "2 + 3?", gold: "5" }

/** What one seat said, of the answer that was pending or of another that its speaker was shown. */
interface Said {
  readonly seat: "proposer" | "reviewer"
  readonly reading?: Reading
  readonly of?: PendingAnswer
}

const answerOf = (value: number) => ({ text: String(value), canonical: String(value) })
const propose = (value: number): Said => ({
  seat: "proposer",
  reading: { kind: "proposal", answer: answerOf(value) }
})
const says = (verdict: "right" | "wrong", of?: number): Said => ({
  seat: "reviewer",
  reading: { kind: "verdict", verdict },
  ...(of === undefined ? {} : { of: { text: String(of), answer: answerOf(of) } })
})
const scores = (score: number): Said => ({ seat: "reviewer", reading: { kind: "score", score } })
const mumble = (expected: "proposal" | "verdict" | "score" | "comment"): Said => ({
  seat: expected === "proposal" ? "proposer" : "reviewer",
  reading: { kind: "unreadable", expected, reason: "noise" }
})
const silent: Said = { seat: "reviewer" }

const turnOf = ({ seat, reading, of }: Said, round: number, pending?: PendingAnswer): PlayedTurn => {
  const seen = of ?? pending
  const actions = [{ name: "speak", role: seat }]
  return {
    turn: {
      ...{ kind: "seat" as const, round, actions, fallback: "speak" },
      seat: { name: seat, agent: seat === "proposer" ? "ada" : "bob", controller: seat }
    },
    info: "",
    action: "speak",
    view: { task, transcript: [], ...(seen === undefined ? {} : { pending: seen }) },
    ...(reading === undefined
      ? {}
      : {
          utterance: {
            reading,
            completion: { text: "", usage: { prompt: 20, completion: 5 }, finish: "stop" }
          }
        })
  }
}

/** A dialogue with 20 tokens read and 5 written for each call; the last proposal is pending, and the answer in the end. */
const played = (
  said: ReadonlyArray<Said>,
  { on = task, choices = [] }: { readonly on?: Task; readonly choices?: ReportedEpisode["choices"] } = {}
): ReportedEpisode => {
  const turns: Array<PlayedTurn> = []
  let pending: PendingAnswer | undefined
  for (const [i, one] of said.entries()) {
    turns.push(turnOf(one, i + 1, pending))
    if (one.reading?.kind === "proposal") pending = { text: "", answer: one.reading.answer }
    else if (one.seat === "proposer" && one.reading !== undefined) pending = { text: "" }
  }
  const spoken = turns.filter(({ utterance }) => utterance !== undefined)
  const usage = new Map(
    [...Map.groupBy(spoken, ({ turn }) => turn.seat.agent)].map(([agent, own]) => [
      agent,
      { prompt: 20 * own.length, completion: 5 * own.length }
    ])
  )
  return {
    task: on,
    answer: pending?.answer,
    correct: pending?.answer?.canonical === on.gold,
    calls: spoken.length,
    promptTokens: 20 * spoken.length,
    completionTokens: 5 * spoken.length,
    ...{ usage, turns, choices }
  }
}

const records = (episodes: ReadonlyArray<ReportedEpisode>) =>
  episodes.map((episode) => recordOf(episode, () => numericGrader))

const report = (...episodes: ReadonlyArray<ReportedEpisode>) => reportOf("team", records(episodes))

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

  it("takes scores of one half and more for RIGHT, and judges each by the answer that it was shown", () => {
    const { reviews } = report(
      played([propose(5), propose(4), says("right", 5), says("wrong", 4), scores(0.5), mumble("score")])
    )
    // RIGHT of the 5, WRONG of the 4 that it was shown, and a half for the pending 4.
    expect(reviews).toMatchObject({
      wrongGivenWrong: { count: 1, of: 2 },
      wrongGivenRight: { count: 0, of: 1 },
      unreadable: 1
    })
  })

  it("holds verdicts on unfinished work against nothing", () => {
    expect(report(played([says("right"), scores(0.1), propose(5)]))).not.toHaveProperty("reviews")
  })

  it("gives what a task costs, where the price of every model used is known", () => {
    const episodes = [played([propose(5), says("right")]), played([propose(5)])]
    const ada = { prompt: 10, completion: 40 }
    const bob = { prompt: 100, completion: 0 }
    const cost = (prices: ReadonlyMap<string, typeof ada>) => reportOf("team", records(episodes), prices).cost
    // Per million: 2 x (20 x 10 + 5 x 40) by ada and 20 x 100 by bob, over two tasks.
    expect(
      cost(
        new Map([
          ["ada", ada],
          ["bob", bob]
        ])
      )
    ).toBeCloseTo((800 + 2000) / 2 / 1e6, 15)
    expect(cost(new Map([["ada", ada]]))).toBeUndefined()
    expect(reportOf("team", records(episodes))).not.toHaveProperty("cost")
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
