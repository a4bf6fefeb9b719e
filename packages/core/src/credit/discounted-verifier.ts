import { Effect, Schema } from "effect"
import type { CreditAssigner, Dialogue, UtteranceGroup } from "../credit.ts"
import { isRight } from "../engine/is-right.ts"
import type { Reading } from "../transcript.ts"
import { continuationValues, pendingIsRight } from "./decision-values.ts"
import { shareOption, tokenCostOption } from "./options.ts"
import { withContinuations } from "./returns.ts"

export const DiscountedVerifierOptions = Schema.Struct({
  /** How much less a turn counts than the one before it. */
  gamma: shareOption(0.9),
  /** `truth`: the grader's. `verdicts`: what reviewers say, which needs no gold answer. */
  verifier: Schema.Literals(["truth", "verdicts"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("truth" as const))
  ),
  /** Charged to decisions alone. */
  tokenCost: tokenCostOption(0.1)
})
export type DiscountedVerifierOptions = typeof DiscountedVerifierOptions.Encoded

/** The scores of an utterance's own turn and of those after it, from -1 to 1; `undefined` where a turn has none. */
type Verifier = (
  group: UtteranceGroup,
  readings: ReadonlyArray<Reading | undefined>
) => ReadonlyArray<number | undefined>

/** Whether the answer last proposed is right, after each turn. */
const truth: Verifier = (group, readings) => {
  let standing = pendingIsRight(group)
  return readings.map((reading) => {
    if (reading?.kind === "proposal") standing = isRight(group.task, group.grader, reading.answer) === true
    else if (reading?.kind === "unreadable" && reading.expected === "proposal") standing = false
    return standing ? 1 : -1
  })
}

/** What each later turn says of the answer on the table; nobody vouches for itself. */
const verdicts: Verifier = (_group, readings) =>
  readings.map((reading, i) => {
    if (i === 0) return undefined
    if (reading?.kind === "verdict") return reading.verdict === "right" ? 1 : -1
    return reading?.kind === "score" ? 2 * reading.score - 1 : undefined
  })

const verifiers = { truth, verdicts } as const

/** `sum_k gamma^k x_k / sum_k gamma^k` over the scores that there are; 0 where there is none. */
export const discountedMean = (scores: ReadonlyArray<number | undefined>, gamma: number): number => {
  let sum = 0
  let weights = 0
  for (const [k, score] of scores.entries()) {
    if (score === undefined) continue
    sum += gamma ** k * score
    weights += gamma ** k
  }
  return weights === 0 ? 0 : sum / weights
}

const readingsAfter = ({ turns }: Dialogue, round: number): ReadonlyArray<Reading | undefined> =>
  turns
    .slice(turns.findIndex(({ turn }) => turn.round === round) + 1)
    .map(({ utterance }) => utterance?.reading)

/**
 * Credits an utterance with what a verifier says of its own turn and of those that followed, each turn counting `gamma` times as much as
 * the one before it:
 *
 *     r_i = sum_k gamma^k x_k / sum_k gamma^k,    x_k in [-1, 1] the score of the k-th turn from its own on
 *
 * By `truth`, x_k is +1 or -1 by the answer last proposed as of that turn, so that a review earns what it brings about; by `verdicts`, it
 * is what later reviewers say, and turns without a verdict do not count. The utterance that was spoken is followed by the real
 * dialogue, each of the group's others by its continuation. Decisions have their continuation values.
 *
 * Source: the reward of MAPoRL (Park et al. 2025), with a stated verifier for a trained one.
 */
export const discountedVerifierCredit = (options: DiscountedVerifierOptions = {}): CreditAssigner => {
  const { gamma, verifier, tokenCost } = Schema.decodeSync(DiscountedVerifierOptions)(options)
  const scoresOf = verifiers[verifier]
  return {
    name: "discounted-verifier",
    decision: continuationValues(tokenCost),
    utterances: (groups, dialogues) =>
      withContinuations(groups, dialogues, (group, dialogue, continuations) => ({
        rewards: group.utterances.map(({ reading }, i) => {
          const later = i === 0 ? readingsAfter(dialogue, group.round) : (continuations[i]?.readings ?? [])
          return discountedMean(scoresOf(group, [reading, ...later]), gamma)
        }),
        weight: 1
      }))
  }
}
