import { describe, expect, it } from "@effect/vitest"
import type { TranscriptEntry, View } from "@tracer-sdk/core"
import { Effect } from "effect"
import { bayesianController, restoreBayesianController } from "./bayesian.ts"

// As in belief.test.ts: 6, 9 and 3 in 10 proposals are right, and Bob says RIGHT of 9 in 10 right and 2 in 10 wrong answers.
// A proposal takes 200 tokens, a verdict 100.
const snapshot = {
  kind: "bayesian",
  version: 1,
  state: {
    proposers: [
      {
        agent: "ann",
        first: { right: 5, wrong: 3, unreadable: 0 },
        afterRight: { right: 8, wrong: 0, unreadable: 0 },
        afterWrong: { right: 2, same: 4, wrong: 2, unreadable: 0 }
      }
    ],
    reviewers: [{ agent: "bob", ofRight: { right: 8, wrong: 0 }, ofWrong: { right: 1, wrong: 7 } }],
    speech: [
      { agent: "ann", kind: "proposal", utterances: 3, unreadable: 0, tokens: 600 },
      { agent: "bob", kind: "judgement", utterances: 2, unreadable: 0, tokens: 200 }
    ],
    actions: [
      { seat: "proposer", action: "propose", kind: "proposal" },
      { seat: "reviewer", action: "review", kind: "judgement" }
    ]
  }
}

const proposer = { name: "proposer", agent: "ann" }
const reviewer = { name: "reviewer", agent: "bob" }
const propose = { names: ["keep", "propose"], fallback: "keep", spoken: ["propose"] }
const review = { names: ["skip", "review"], fallback: "review", spoken: ["review"] }

const task = { id: "t", question: "?" }
const proposed: TranscriptEntry = {
  ...{ round: 1, agent: "ann", seat: "proposer", action: "propose", role: "proposer", text: "5" },
  reading: { kind: "proposal", answer: { text: "5", canonical: "5" } }
}
const judged = (right: boolean): TranscriptEntry => ({
  ...{ round: 2, agent: "bob", seat: "reviewer", action: "review", role: "reviewer", text: "!" },
  reading: { kind: "verdict", verdict: right ? "right" : "wrong" }
})
const view = (...transcript: ReadonlyArray<TranscriptEntry>): View => ({ task, transcript })

const decides = (tokenCost: number, seat: typeof proposer) =>
  Effect.map(restoreBayesianController({ tokenCost }, { seat }, snapshot), (controller) => (seen: View) => {
    const legal = seat === proposer ? propose : review
    const [, spoken] = controller.strategy("", legal, "average", seen)
    return spoken
  })

describe("bayesianController", () => {
  it.effect("proposes again where that gains more than it costs", () =>
    Effect.gen(function* () {
      // At 0.6 the next is right with 0.6 0.9 + 0.4 0.3 = 0.66, which gains 2 0.06 = 0.12.
      expect((yield* decides(0.5, proposer))(view(proposed))).toBe(1) // costs 0.1
      expect((yield* decides(0.7, proposer))(view(proposed))).toBe(0) // costs 0.14
      // After RIGHT 0.6 - 0.8 27/31 < 0; after WRONG 0.6 - 0.8 3/19 = 0.474.
      expect((yield* decides(0, proposer))(view(proposed, judged(true)))).toBe(0)
      expect((yield* decides(2.3, proposer))(view(proposed, judged(false)))).toBe(1) // costs 0.46
      expect((yield* decides(2.4, proposer))(view(proposed, judged(false)))).toBe(0) // costs 0.48
      // Nothing is on the table: 2 0.6 is gained.
      expect((yield* decides(5.9, proposer))(view())).toBe(1) // costs 1.18
      expect((yield* decides(6.1, proposer))(view())).toBe(0)
    })
  )

  it.effect("asks for a verdict where it may change a decision, for its tokens", () =>
    Effect.gen(function* () {
      // With proposals at c: g = 0.12 - c; WRONG, with probability 0.38, leaves 9/19 - c, RIGHT nothing.
      // The verdict is worth 0.38 (9/19 - c) - max(0, 0.12 - c), and costs c / 2: at 0.1 a thousand c = 0.02.
      const worth = (tokenCost: number) => {
        const c = 0.2 * tokenCost
        return 0.38 * (9 / 19 - c) - Math.max(0, 0.12 - c) - c / 2
      }
      for (const tokenCost of [0.1, 0.5, 0.7, 0.9, 1, 1.1, 2]) {
        const asks = (yield* decides(tokenCost, reviewer))(view(proposed))
        expect(asks).toBe(worth(tokenCost) > 0 ? 1 : 0)
      }
      expect([worth(0.9) > 0, worth(1.1) > 0]).toEqual([true, false])
      // Without an answer there is nothing to judge.
      expect((yield* decides(0.1, reviewer))(view())).toBe(0)
    })
  )

  it.effect(
    "values nothing but tokens where a verdict tells nothing, and asks whom it does not know for nothing",
    () =>
      Effect.gen(function* () {
        const coin = { ...snapshot, state: { ...snapshot.state, reviewers: [] } }
        const controller = yield* restoreBayesianController({ tokenCost: 0.01 }, { seat: reviewer }, coin)
        expect(controller.strategy("", review, "average", view(proposed))).toEqual([1, 0])
        const free = yield* restoreBayesianController({ tokenCost: 0 }, { seat: reviewer }, coin)
        // A tie goes to the fallback.
        expect(free.strategy("", review, "average", view(proposed))).toEqual([0, 1])
      })
  )

  it.effect("chooses the best of several that speak", () =>
    Effect.gen(function* () {
      const said = { ...snapshot.state.actions[0], action: "remark", kind: "other" }
      const state = { ...snapshot.state, actions: [...snapshot.state.actions, said] }
      const controller = yield* restoreBayesianController(
        { tokenCost: 0 },
        { seat: proposer },
        { ...snapshot, state }
      )
      const legal = {
        names: ["remark", "propose", "keep"],
        fallback: "remark",
        spoken: ["remark", "propose"]
      }
      expect(controller.strategy("", legal, "current", view(proposed))).toEqual([0, 1, 0])
      expect(controller.strategy("", legal, "current", view(proposed, judged(true)))).toEqual([1, 0, 0])
    })
  )

  it.effect("never finds a verdict that costs nothing harmful, since it can be ignored", () =>
    Effect.gen(function* () {
      for (let ofRight = 0; ofRight <= 8; ofRight++) {
        for (let ofWrong = 0; ofWrong <= 8; ofWrong++) {
          const bob = {
            agent: "bob",
            ofRight: { right: ofRight, wrong: 8 - ofRight },
            ofWrong: { right: ofWrong, wrong: 8 - ofWrong }
          }
          const seen = { ...snapshot, state: { ...snapshot.state, reviewers: [bob] } }
          const controller = yield* restoreBayesianController({ tokenCost: 0 }, { seat: reviewer }, seen)
          for (const said of [[], [judged(true)], [judged(false)]]) {
            // The fallback is to review: silence would have to be worth more.
            expect(controller.strategy("", review, "average", view(proposed, ...said))).toEqual([0, 1])
          }
        }
      }
    })
  )

  it("plays like an untrained controller until it has heard what actions say", () => {
    const controller = bayesianController({}, { seat: reviewer })
    expect(controller.strategy("", review, "average", view(proposed))).toEqual([0, 1])
    expect(controller.strategy("", review, "current", view(proposed))).toEqual([0.5, 0.5])
    expect(controller.belief(view(proposed))).toBe(0.5)
  })

  it.effect("chooses between silent actions like an untrained controller, as they are all alike to it", () =>
    Effect.gen(function* () {
      const controller = yield* restoreBayesianController({}, { seat: proposer }, snapshot)
      const next = { names: ["ann", "bob", "end"], fallback: "end", spoken: [] }
      expect(controller.strategy("", next, "average", view(proposed))).toEqual([0, 0, 1])
      expect(controller.strategy("", next, "current", view(proposed))).toEqual([1 / 3, 1 / 3, 1 / 3])
    })
  )

  it.effect("refuses a damaged snapshot", () =>
    Effect.gen(function* () {
      const broken = { ...snapshot, state: { ...snapshot.state, reviewers: 3 } }
      const error = yield* Effect.flip(restoreBayesianController({}, { seat: reviewer }, broken))
      expect(error.message).toContain('A "bayesian" snapshot is damaged')
    })
  )
})
