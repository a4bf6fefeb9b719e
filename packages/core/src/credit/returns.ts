import { Effect } from "effect"
import type { Continuation, Dialogue, Outcome, UtteranceGroup } from "../credit.ts"
import { eagerAll } from "../engine/eager-all.ts"
import { CreditError, type PolicyError } from "../errors.ts"

/** What an outcome is worth: +1 for a right answer and -1 for a wrong one, minus `tokenCost` for every 1,000 tokens. */
export const returnOf = ({ correct, tokens }: Outcome, tokenCost: number): number =>
  (correct ? 1 : -1) - (tokenCost * tokens) / 1000

/** The dialogue that a group was drawn in; fails with `CreditError` where it is not among those given. */
export const dialogueOf = (
  { episode, agent, round }: UtteranceGroup,
  dialogues: ReadonlyMap<number, Dialogue>
): Effect.Effect<Dialogue, CreditError> => {
  const dialogue = dialogues.get(episode)
  return dialogue === undefined
    ? new CreditError({
        message: `The utterances of ${agent} in round ${round} belong to dialogue ${episode}, which is not among those to be credited.`,
        hint: "Give utterances() the dialogues that its groups were drawn in, by episode."
      })
    : Effect.succeed(dialogue)
}

/** How many groups are played on, or how many dialogues replayed, at the same time. */
export const creditConcurrency = 64

/** Runs `credit` on every group with its dialogue and one continuation for each of its utterances; keeps their order. */
export const withContinuations = <A>(
  groups: ReadonlyArray<UtteranceGroup>,
  dialogues: ReadonlyMap<number, Dialogue>,
  credit: (group: UtteranceGroup, dialogue: Dialogue, continuations: ReadonlyArray<Continuation>) => A
): Effect.Effect<ReadonlyArray<A>, CreditError | PolicyError> =>
  eagerAll(
    groups.map((group) =>
      Effect.flatMapEager(dialogueOf(group, dialogues), (dialogue) =>
        Effect.flatMapEager(dialogue.continuations(group), (continuations) =>
          continuations.length === group.utterances.length
            ? Effect.succeed(credit(group, dialogue, continuations))
            : new CreditError({
                message: `Of ${group.utterances.length} utterances of ${group.agent} in round ${group.round} of dialogue ${group.episode}, ${continuations.length} were played on.`,
                hint: "A dialogue's continuations() has to play on from each utterance of a group that was drawn in it."
              })
        )
      )
    ),
    creditConcurrency
  )
