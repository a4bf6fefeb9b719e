import { Effect } from "effect"
import { definePlugin } from "../registry/plugin.ts"
import type { AnyPlugin } from "../registry/registry.ts"
import { DiscountedVerifierOptions, discountedVerifierCredit } from "./discounted-verifier.ts"
import { LeaveOneOutOptions, leaveOneOutCredit } from "./leave-one-out.ts"
import { judgeOf, LlmJudgeOptions, llmJudgeCredit } from "./llm-judge.ts"
import { ShapleyOptions, shapleyCredit } from "./shapley.ts"
import { SharedOutcomeOptions, sharedOutcomeCredit } from "./shared-outcome.ts"
import { TracerCreditOptions, tracerCredit } from "./tracer-credit.ts"

/** The credit assigners that core brings. */
export const creditPlugins: ReadonlyArray<AnyPlugin> = [
  definePlugin({
    kind: "credit",
    name: "tracer",
    options: TracerCreditOptions,
    make: (options) => Effect.sync(() => tracerCredit(options))
  }),
  definePlugin({
    kind: "credit",
    name: "leave-one-out",
    options: LeaveOneOutOptions,
    make: (options) => Effect.sync(() => leaveOneOutCredit(options))
  }),
  definePlugin({
    kind: "credit",
    name: "shapley",
    options: ShapleyOptions,
    make: (options) => Effect.sync(() => shapleyCredit(options))
  }),
  definePlugin({
    kind: "credit",
    name: "shared-outcome",
    options: SharedOutcomeOptions,
    make: (options) => Effect.sync(() => sharedOutcomeCredit(options))
  }),
  definePlugin({
    kind: "credit",
    name: "discounted-verifier",
    options: DiscountedVerifierOptions,
    make: (options) => Effect.sync(() => discountedVerifierCredit(options))
  }),
  definePlugin({
    kind: "credit",
    name: "llm-judge",
    options: LlmJudgeOptions,
    make: (options, { policies }) =>
      Effect.map(judgeOf(policies, options.policy), (judge) => llmJudgeCredit(judge, options))
  })
]
