import { describe, expect, it } from "@effect/vitest"
import { Effect, Exit } from "effect"
import type { GenerateRequest, Policy } from "../policy.ts"
import { makeBudget, type Spent } from "./budget.ts"

const request: GenerateRequest = {
  prompt: { messages: [] },
  samples: 2,
  sampling: { temperature: 1, maxTokens: 8 },
  seed: 1,
  agent: "ada",
  role: "proposer",
  view: { task: { id: "t", question: "?" }, transcript: [] }
}

const answer = { text: "5", usage: { prompt: 100, completion: 50 }, finish: "stop" as const }
const policy: Policy = { name: "model", generate: () => Effect.succeed([answer, answer]) }
const nothing: Spent = { tokens: 0, calls: 0, seconds: 0, cost: 0 }
const prices = { currency: "EUR", perMillionTokens: { model: { prompt: 1000, completion: 4000 } } }

describe("makeBudget", () => {
  it.effect("counts tokens, calls and cost, and fails calls once a limit is reached", () =>
    Effect.gen(function* () {
      const budget = makeBudget({ tokens: 600 }, nothing, prices, () => 0)
      const guarded = budget.guard("model", policy)
      yield* guarded.generate(request)
      expect(budget.reached()).toBeUndefined()
      yield* guarded.generate(request)
      // 2 calls of 2 samples of 150 tokens; a sample costs (100 x 1000 + 50 x 4000) / 1e6.
      expect(budget.spent()).toEqual({ tokens: 600, calls: 2, seconds: 0, cost: 1.2 })
      expect(budget.reached()).toBe("the budget of 600 tokens is used up")
      const error = yield* Effect.flip(guarded.generate(request))
      expect(error).toMatchObject({ _tag: "PolicyError", retryable: false })
      expect(budget.spent().calls).toBe(2)
    })
  )

  it.effect("goes on counting where an earlier start stopped, and tells time from the clock", () =>
    Effect.gen(function* () {
      let now = 10
      const before = { tokens: 5, calls: 1, seconds: 30, cost: 0.5 }
      const budget = makeBudget({ seconds: 40, cost: 1 }, before, prices, () => now)
      expect(budget.reached()).toBeUndefined()
      now = 20
      expect(budget.spent()).toEqual({ tokens: 5, calls: 1, seconds: 40, cost: 0.5 })
      expect(budget.reached()).toBe("the budget of 40 seconds is used up")
      // Time is looked at between cells alone: a call that is due is still made.
      yield* budget.guard("model", policy).generate(request)
      expect(budget.reached()).toBe("the budget of 1 EUR is used up")
    })
  )

  it("leaves a policy that answers at once one that does", () => {
    const guarded = makeBudget({}, nothing, undefined, () => 0).guard("model", policy)
    expect(Exit.isExit(guarded.generate(request))).toBe(true)
  })

  it.live("looks again when a call that had to wait is due", () =>
    Effect.gen(function* () {
      const slow: Policy = {
        name: "slow",
        generate: () => Effect.delay(Effect.succeed([answer, answer]), 0)
      }
      const budget = makeBudget({ calls: 1 }, nothing, undefined, () => 0)
      const guarded = budget.guard("slow", slow)
      const [first, second] = [guarded.generate(request), guarded.generate(request)]
      yield* first
      expect((yield* Effect.exit(second))._tag).toBe("Failure")
      expect(budget.spent().calls).toBe(1)
    })
  )
})
