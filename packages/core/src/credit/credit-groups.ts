import { Effect } from "effect"
import type { CreditAssigner, Dialogue, UtteranceCredit, UtteranceGroup } from "../credit.ts"
import { CreditError, type PolicyError } from "../errors.ts"

/** A group of utterances with what they earned. */
export interface GroupWithCredit {
  readonly group: UtteranceGroup
  readonly credit: UtteranceCredit
}

/** Has a batch's groups credited; fails with `CreditError` where a group or an utterance is left out. */
export const creditGroups: (
  credit: CreditAssigner,
  groups: ReadonlyArray<UtteranceGroup>,
  dialogues: ReadonlyMap<number, Dialogue>
) => Effect.Effect<ReadonlyArray<GroupWithCredit>, CreditError | PolicyError> = Effect.fnUntraced(
  function* (credit, groups, dialogues) {
    const credits = yield* credit.utterances(groups, dialogues)
    if (credits.length !== groups.length) {
      return yield* new CreditError({
        message: `The credit assigner "${credit.name}" credited ${credits.length} of ${groups.length} groups of utterances.`,
        hint: "utterances() has to return one credit for each group, in their order."
      })
    }
    const credited: Array<GroupWithCredit> = []
    for (const [i, group] of groups.entries()) {
      const assigned = credits[i]
      if (assigned?.rewards.length !== group.utterances.length) {
        return yield* new CreditError({
          message: `The credit assigner "${credit.name}" gave ${assigned?.rewards.length ?? 0} rewards to ${group.utterances.length} utterances of ${group.agent} in round ${group.round} of dialogue ${group.episode}.`,
          hint: "A group's credit has to hold one reward for each of its utterances, in their order."
        })
      }
      credited.push({ group, credit: assigned })
    }
    return credited
  }
)
