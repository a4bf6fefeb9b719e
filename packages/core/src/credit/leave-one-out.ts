import { Schema } from "effect"
import type { CreditAssigner } from "../credit.ts"
import { continuationValues } from "./decision-values.ts"
import { tokenCostOption } from "./options.ts"
import { returnOf, withContinuations } from "./returns.ts"

export const LeaveOneOutOptions = Schema.Struct({ tokenCost: tokenCostOption(0.1) })
export type LeaveOneOutOptions = typeof LeaveOneOutOptions.Encoded

/** Each return less the mean of the others; 0 for one alone. */
export const leaveOneOut = (returns: ReadonlyArray<number>): ReadonlyArray<number> => {
  const total = returns.reduce((sum, value) => sum + value, 0)
  const others = returns.length - 1
  return returns.map((value) => (others === 0 ? 0 : value - (total - value) / others))
}

/**
 * Credits an utterance with how much better the dialogue ends after it than after the others that were drawn for the same, frozen
 * context:
 *
 *     r_i = R_i - (1 / (G - 1)) sum_{j != i} R_j,    R_i = +1 or -1 by the end of its continuation, less its tokens' cost
 *
 * Decisions have their continuation values. Source: RLOO (Ahmadian et al. 2024), with an utterance in a dialogue for a whole answer.
 */
export const leaveOneOutCredit = (options: LeaveOneOutOptions = {}): CreditAssigner => {
  const { tokenCost } = Schema.decodeSync(LeaveOneOutOptions)(options)
  return {
    name: "leave-one-out",
    decision: continuationValues(tokenCost),
    utterances: (groups, dialogues) =>
      withContinuations(groups, dialogues, (_group, _dialogue, continuations) => ({
        rewards: leaveOneOut(continuations.map((outcome) => returnOf(outcome, tokenCost))),
        weight: 1
      }))
  }
}
