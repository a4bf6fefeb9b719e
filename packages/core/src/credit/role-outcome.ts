import type { UtteranceCredit, UtteranceGroup } from "../credit.ts"
import { outcomeOf, pendingIsRight } from "./decision-values.ts"

const isReview = (group: UtteranceGroup): boolean =>
  group.utterances.some(
    ({ reading }) =>
      reading.kind === "verdict" || (reading.kind === "unreadable" && reading.expected === "verdict")
  )

/**
 * Credits by role outcome, each role by its own truth.
 *
 * Balanced, a review is weighted by the inverse frequency of its pending answer's class among its speaker's reviews in
 * the batch, so that a constant verdict earns 0 on average: with n reviews, c of them of right answers, the weight is
 * n / 2c for those and n / 2(n - c) for the others. Where a batch shows one class alone, weights stay 1.
 */
export const roleOutcomeCredits = (
  groups: ReadonlyArray<UtteranceGroup>,
  balanced: boolean
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
    if (!balanced || right === 0 || wrong === 0 || !isReview(group)) return 1
    return (right + wrong) / (2 * (pendingIsRight(group) ? right : wrong))
  }
  return groups.map((group) => {
    const weight = balance(group)
    return { rewards: group.utterances.map((utterance) => weight * outcomeOf(group, utterance)), weight }
  })
}
