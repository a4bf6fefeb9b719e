import { Effect, Schema } from "effect"
import type { CreditAssigner } from "../credit.ts"
import { continuationValues, oneStepValues } from "./decision-values.ts"
import { tokenCostOption } from "./options.ts"
import { roleOutcomeCredits } from "./role-outcome.ts"

export const TracerCreditOptions = Schema.Struct({
  /** How a decision's actions are valued. */
  values: Schema.Literals(["continuation", "oneStep"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("continuation" as const))
  ),
  tokenCost: tokenCostOption(0.1),
  /** Weighs reviews so that a constant verdict earns nothing; the paper's reward does not. */
  balanced: Schema.Boolean.pipe(Schema.withDecodingDefaultKey(Effect.succeed(true))),
  /**
   * What a review without a readable verdict earns. At the paper's 0 a reviewer in doubt does better to decide
   * nothing; at -1 it does not.
   */
  unreadableVerdict: Schema.Finite.check(Schema.isBetween({ minimum: -1, maximum: 0 })).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(0))
  )
})
export type TracerCreditOptions = typeof TracerCreditOptions.Encoded

/** TRACER's credit: decisions by their counterfactual or one-step values, utterances by their role's outcome. */
export const tracerCredit = (options: TracerCreditOptions = {}): CreditAssigner => {
  const { values, tokenCost, ...outcome } = Schema.decodeSync(TracerCreditOptions)(options)
  return {
    name: "tracer",
    decision: values === "oneStep" ? oneStepValues : continuationValues(tokenCost),
    utterances: (groups) => Effect.succeed(roleOutcomeCredits(groups, outcome))
  }
}
