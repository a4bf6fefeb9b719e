import type { Utterance, UtteranceCredit, UtteranceGroup } from "../credit.ts"
import { isJudgeable, outcomeOf, pendingIsRight } from "./decision-values.ts"

const isReview = (group: UtteranceGroup): boolean =>
  isJudgeable(group) &&
  group.utterances.some(
    ({ reading }) =>
      reading.kind === "verdict" || (reading.kind === "unreadable" && reading.expected === "verdict")
  )

/** How utterances are credited by their role's outcome. */
export interface RoleOutcomeOptions {
  /** Weighs reviews so that a constant verdict earns nothing. */
  readonly balanced: boolean
  /** What a review without a readable verdict earns, before its weight. */
  readonly unreadableVerdict: number
}

/**
 * Credits by role outcome, each role by its own truth.
 *
 * Balanced, a review is weighted by the inverse frequency of its pending answer's class among its speaker's reviews in
 * the batch, so that a constant verdict earns 0 on average: with n reviews, c of them of right answers, the weight is
 * n / 2c for those and n / 2(n - c) for the others. Where a batch shows one class alone, its weight
 * is 1/2: half of what a review is worth could not be seen.
 */
export const roleOutcomeCredits = (
  groups: ReadonlyArray<UtteranceGroup>,
  { balanced, unreadableVerdict }: RoleOutcomeOptions
): ReadonlyArray<UtteranceCredit> => {
  const speaker = ({ agent, role }: UtteranceGroup) => JSON.stringify([agent, role])
  const classes = new Map<string, { right: number; wrong: number }>()
  for (const group of groups.filter(isReview)) {
    const { right, wrong } = classes.get(speaker(group)) ?? { right: 0, wrong: 0 }
    const ofRight = pendingIsRight(group)
    classes.set(speaker(group), { right: right + (ofRight ? 1 : 0), wrong: wrong + (ofRight ? 0 : 1) })
  }
  const balance = (group: UtteranceGroup): number => {
    const { right, wrong } = classes.get(speaker(group)) ?? { right: 0, wrong: 0 }
    if (!balanced || !isReview(group)) return 1
    return (right + wrong) / (2 * (pendingIsRight(group) ? right : wrong))
  }
  const worth = (group: UtteranceGroup, utterance: Utterance): number => {
    const { reading } = utterance
    const silentReview = reading.kind === "unreadable" && reading.expected === "verdict"
    return silentReview ? unreadableVerdict : outcomeOf(group, utterance)
  }
  return groups.map((group) => {
    const weight = balance(group)
    return { rewards: group.utterances.map((utterance) => weight * worth(group, utterance)), weight }
  })
}
