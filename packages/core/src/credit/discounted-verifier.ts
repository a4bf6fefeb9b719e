import { Effect, Schema } from "effect"
import type { CreditAssigner, Dialogue, PlayedTurn, UtteranceGroup } from "../credit.ts"
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

/** What was understood in the turns that were taken together; `undefined` where one was silent. */
type Step = ReadonlyArray<Reading | undefined>

/** The score of an utterance's own turn and of each step after it, from -1 to 1; `undefined` where there is none. */
type Verifier = (
  group: UtteranceGroup,
  own: Reading,
  later: ReadonlyArray<Step>
) => ReadonlyArray<number | undefined>

const mean = (scores: ReadonlyArray<number>): number | undefined =>
  scores.length === 0 ? undefined : scores.reduce((sum, score) => sum + score, 0) / scores.length

/** Whether the answers last proposed are right: in each step that of each proposal, else that of the step before it. */
const truth: Verifier = (group, own, later) => {
  const truthOf = (reading: Reading | undefined): number | undefined => {
    if (reading?.kind === "proposal")
      return isRight(group.task, group.grader, reading.answer) === true ? 1 : -1
    return reading?.kind === "unreadable" && reading.expected === "proposal" ? -1 : undefined
  }
  let standing = pendingIsRight(group) ? 1 : -1
  return [[own], ...later].map((step) => {
    standing = mean(step.flatMap((reading) => truthOf(reading) ?? [])) ?? standing
    return standing
  })
}

const judgementOf = (reading: Reading | undefined): number | undefined => {
  if (reading?.kind === "verdict") return reading.verdict === "right" ? 1 : -1
  return reading?.kind === "score" ? 2 * reading.score - 1 : undefined
}

/** What each later step says of the answer on the table; nobody vouches for itself. */
const verdicts: Verifier = (_group, _own, later) => [
  undefined,
  ...later.map((step) => mean(step.flatMap((reading) => judgementOf(reading) ?? [])))
]

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

/** The steps of the real dialogue after the one in which a turn was taken. */
const stepsAfter = ({ turns }: Dialogue, round: number): ReadonlyArray<Step> => {
  const steps: Array<Array<PlayedTurn>> = []
  for (const played of turns) {
    const last = steps.at(-1)
    if (played.withPrevious === true && last !== undefined) last.push(played)
    else steps.push([played])
  }
  const own = steps.findIndex((step) => step.some(({ turn }) => turn.round === round))
  return steps.slice(own + 1).map((step) => step.map(({ utterance }) => utterance?.reading))
}

/**
 * Credits an utterance with what a verifier says of its own turn and of the steps that followed, each counting `gamma` times as much as
 * the one before it:
 *
 *     r_i = sum_k gamma^k x_k / sum_k gamma^k,    x_k in [-1, 1] the score of the k-th step from its own turn on
 *
 * A step is a turn, or the turns that were taken together, whose scores are averaged; x_0 is that of the utterance alone, since those who
 * spoke at the same time did not hear it. By `truth`, a score is +1 or -1 by the answer last proposed as of that turn, so that a review
 * earns what it brings about; by `verdicts`, it is what later reviewers say, and steps without a verdict do not count. The utterance that
 * was spoken is followed by the real dialogue, each of the group's others by its continuation. Decisions have their continuation values.
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
          const later = i === 0 ? stepsAfter(dialogue, group.round) : (continuations[i]?.steps ?? [])
          return discountedMean(scoresOf(group, reading, later), gamma)
        }),
        weight: 1
      }))
  }
}
