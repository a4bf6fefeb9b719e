import { Effect, Exit, Schema } from "effect"
import type { PricesConfig } from "../config/team-config.ts"
import { PolicyError } from "../errors.ts"
import type { Completion, Policy } from "../policy.ts"
import type { BudgetConfig } from "./benchmark-config.ts"

/** What a benchmark has used up, over all its starts. */
export const Spent = Schema.Struct({
  tokens: Schema.Int,
  calls: Schema.Int,
  seconds: Schema.Number,
  cost: Schema.Number
})
export type Spent = typeof Spent.Type

/** Watches what a benchmark uses up; answers out of a cache cost nothing. */
export interface Budget {
  readonly spent: () => Spent
  /** Which limit is reached, in words. */
  readonly reached: () => string | undefined
  /** The policy, which fails once tokens, calls or cost have reached their limit. */
  readonly guard: (name: string, policy: Policy) => Policy
}

const limits = ["tokens", "calls", "cost", "seconds"] as const

/** A budget of which `before` is used up already; `now` gives seconds of any one clock. */
export const makeBudget = (
  limit: BudgetConfig,
  before: Spent,
  prices: PricesConfig | undefined,
  now: () => number
): Budget => {
  const started = now()
  let { tokens, calls, cost } = before
  const spent = (): Spent => ({ tokens, calls, cost, seconds: before.seconds + now() - started })
  const reachedOf = (kinds: ReadonlyArray<(typeof limits)[number]>): string | undefined => {
    const used = spent()
    const kind = kinds.find((one) => used[one] >= (limit[one] ?? Number.POSITIVE_INFINITY))
    if (kind === undefined) return undefined
    return `the budget of ${limit[kind]} ${kind === "cost" ? prices?.currency : kind} is used up`
  }
  const reachedWhileRunning = () => reachedOf(["tokens", "calls", "cost"])
  return {
    spent,
    reached: () => reachedOf(limits),
    guard: (name, policy) => {
      const price = prices?.perMillionTokens[name]
      const count = (completions: ReadonlyArray<Completion>) => {
        calls += 1
        for (const { usage } of completions) {
          tokens += usage.prompt + usage.completion
          if (price !== undefined) {
            cost += (usage.prompt * price.prompt + usage.completion * price.completion) / 1e6
          }
        }
        return completions
      }
      const refuse = (reason: string) =>
        new PolicyError({
          message: `Nothing more is asked of "${name}": ${reason}.`,
          hint: "Raise the budget and start the benchmark again: it goes on where it stopped.",
          retryable: false
        })
      return {
        ...policy,
        name: policy.name,
        generate: (request) => {
          const reason = reachedWhileRunning()
          if (reason !== undefined) return Effect.fail(refuse(reason))
          const call = policy.generate(request)
          const answered: boolean = Exit.isExit(call)
          if (answered) return Effect.mapEager(call, count)
          // A call may wait for its turn: what others have used by then counts.
          return Effect.suspend(() => {
            const late = reachedWhileRunning()
            return late === undefined ? Effect.map(call, count) : Effect.fail(refuse(late))
          })
        }
      }
    }
  }
}
