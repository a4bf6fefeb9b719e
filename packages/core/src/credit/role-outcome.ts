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
 * Balanced, a review is weighted by the inverse frequency of its pending answer's class among the batch's reviews, so
 * that a constant verdict earns 0 on average: with n reviews, c of them of right answers, the weight is n / 2c for
 * those and n / 2(n - c) for the others. A batch of one class alone keeps weight 1.
 */
export const roleOutcomeCredits = (
  groups: ReadonlyArray<UtteranceGroup>,
  balanced: boolean
): ReadonlyArray<UtteranceCredit> => {
  const reviews = groups.filter(isReview)
  const ofRight = reviews.filter(pendingIsRight).length
  const ofWrong = reviews.length - ofRight
  const balance = (group: UtteranceGroup): number => {
    if (!balanced || ofRight === 0 || ofWrong === 0 || !isReview(group)) return 1
    return reviews.length / (2 * (pendingIsRight(group) ? ofRight : ofWrong))
  }
  return groups.map((group) => {
    const weight = balance(group)
    return { rewards: group.utterances.map((utterance) => weight * outcomeOf(group, utterance)), weight }
  })
}
