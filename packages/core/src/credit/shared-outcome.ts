import { Schema } from "effect"
import type { CreditAssigner } from "../credit.ts"
import { continuationValues } from "./decision-values.ts"
import { tokenCostOption } from "./options.ts"
import { returnOf, withContinuations } from "./returns.ts"

export const SharedOutcomeOptions = Schema.Struct({
  /** Charged to decisions alone. */
  tokenCost: tokenCostOption(0)
})
export type SharedOutcomeOptions = typeof SharedOutcomeOptions.Encoded

/**
 * Credits every utterance with the end of its dialogue, +1 or -1, whoever spoke it.
 *
 * The utterance that was spoken earns what the real dialogue came to, and each of the group's others what the dialogue comes to that is
 * played on from it: a group whose utterances all earned the same would teach nothing. An action is worth the mean end of the dialogues
 * that follow it. Source: the joint reward of MAGRPO (Liu et al. 2025).
 */
export const sharedOutcomeCredit = (options: SharedOutcomeOptions = {}): CreditAssigner => {
  const { tokenCost } = Schema.decodeSync(SharedOutcomeOptions)(options)
  return {
    name: "shared-outcome",
    decision: continuationValues(tokenCost),
    utterances: (groups, dialogues) =>
      withContinuations(groups, dialogues, (_group, { outcome }, continuations) => ({
        rewards: continuations.map((continuation, i) => returnOf(i === 0 ? outcome : continuation, 0)),
        weight: 1
      }))
  }
}
