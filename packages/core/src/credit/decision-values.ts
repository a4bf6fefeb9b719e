import { Effect } from "effect"
import type { ActionValues } from "../controller.ts"
import type { DecisionPoint, Forks, Utterance } from "../credit.ts"
import { eagerAll } from "../engine/eager-all.ts"
import { isRight } from "../engine/is-right.ts"
import type { PolicyError } from "../errors.ts"
import { returnOf } from "./returns.ts"

/** Values the legal actions of a decision; one value for each, in their order. */
export type DecisionValues = (point: DecisionPoint, forks: Forks) => Effect.Effect<ActionValues, PolicyError>

const mean = <A>(items: ReadonlyArray<A>, value: (item: A) => number): number => {
  let sum = 0
  for (const item of items) sum += value(item)
  return items.length === 0 ? 0 : sum / items.length
}

/** Whether the pending answer of a view is right; an absent or unparsed one is not. */
export const pendingIsRight = ({
  task,
  grader,
  view
}: Pick<DecisionPoint, "task" | "grader" | "view">): boolean =>
  isRight(task, grader, view.pending?.answer) === true

/** Whether it is known if what a review judges is right: of partial work, steps that have not come to an answer yet, it is not. */
export const isJudgeable = ({ view }: Pick<DecisionPoint, "view">): boolean =>
  view.steps === undefined || view.pending?.answer !== undefined

/**
 * What an utterance is worth by itself: a proposal +1 or -1 by its truth, a verdict +1 or -1 by whether it matches
 * the truth about the pending answer, a score 1 to -1 by its squared distance from that truth (Brier 1950), an unreadable
 * proposal -1, anything else 0; so does a judgement of partial work, whose truth is not known.
 *
 * Source: TRACER, role outcome rewards.
 */
export const outcomeOf = (
  point: Pick<DecisionPoint, "task" | "grader" | "view">,
  utterance: Utterance
): number => {
  const { reading } = utterance
  switch (reading.kind) {
    case "proposal":
      return isRight(point.task, point.grader, reading.answer) === true ? 1 : -1
    case "verdict":
      if (!isJudgeable(point)) return 0
      return (reading.verdict === "right") === pendingIsRight(point) ? 1 : -1
    case "score":
      if (!isJudgeable(point)) return 0
      return 1 - 2 * (reading.score - (pendingIsRight(point) ? 1 : 0)) ** 2
    case "comment":
    case "choice":
      return 0
    case "unreadable":
      return reading.expected === "proposal" ? -1 : 0
  }
}

/**
 * The paper's values: silence is worth +1 when the pending answer is right and -1 otherwise, speech what its
 * utterances are worth by themselves.
 */
export const oneStepValues: DecisionValues = (point, forks) =>
  eagerAll(
    point.turn.actions.map((action) =>
      action.role === undefined
        ? Effect.succeed(pendingIsRight(point) ? 1 : -1)
        : Effect.mapEager(forks.utterances(action.name), (spoken) =>
            mean(spoken, (utterance) => outcomeOf(point, utterance))
          )
    )
  )

/**
 * Counterfactual values: each action is played and the dialogue followed to its end with the current strategies; the
 * value is +1 or -1 by the final answer, minus `tokenCost` for every 1,000 tokens spent from the decision on.
 */
export const continuationValues =
  (tokenCost: number): DecisionValues =>
  (point, forks) =>
    eagerAll(
      point.legal.names.map((name) =>
        Effect.mapEager(forks.outcomes(name), (outcomes) =>
          mean(outcomes, (outcome) => returnOf(outcome, tokenCost))
        )
      )
    )
