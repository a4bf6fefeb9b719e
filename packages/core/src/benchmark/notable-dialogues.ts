import { Effect } from "effect"
import type { Grader } from "../answer/index.ts"
import type { Dialogue, PlayedTurn, Replay } from "../credit.ts"
import { describeReading } from "../engine/describe-reading.ts"
import type { Episode } from "../engine/play-episode.ts"
import type { PolicyError } from "../errors.ts"
import { recordOf } from "../evaluation/dialogue-record.ts"
import type { Task } from "../task.ts"
import type { NotableDialogue } from "./cell-result.ts"

/** Longer dialogues are no reading. */
const mostTurns = 40
/** Characters of an utterance that are kept. */
const mostText = 4000

const worth = (correct: boolean): number => (correct ? 1 : -1)

const shortened = (text: string): string => (text.length <= mostText ? text : `${text.slice(0, mostText)} …`)

const tell = Effect.fnUntraced(function* (
  kind: NotableDialogue["kind"],
  { task, grader, answer, outcome, turns, replay }: Dialogue,
  how: Replay
) {
  const credited: Array<NotableDialogue["turns"][number]> = []
  for (const played of turns) {
    const { turn, action, utterance } = played
    // Without a turn that was silent the dialogue is the same.
    const without =
      utterance === undefined ? outcome : yield* replay((heard: PlayedTurn) => heard !== played, how)
    credited.push({
      round: turn.round,
      agent: turn.seat.agent,
      seat: turn.seat.name,
      action,
      ...(utterance === undefined
        ? {}
        : { text: shortened(utterance.completion.text), reading: describeReading(utterance.reading) }),
      credit: worth(outcome.correct) - worth(without.correct)
    })
  }
  const gold = grader.gold(task.gold ?? "")
  const told: NotableDialogue = {
    kind,
    task: task.id,
    question: task.question,
    gold: gold.kind === "answer" ? gold.answer.text : (task.gold ?? ""),
    ...(answer === undefined ? {} : { answer: answer.text }),
    correct: outcome.correct,
    turns: credited
  }
  return told
})

/**
 * The dialogue in which talking helped most plainly, from a wrong first proposal to a right answer, and the one in which it hurt, each
 * where there is one: the shortest of its kind, the first in the order of the tasks. A turn is credited by a replay without it.
 */
export const notableDialogues: (
  episodes: ReadonlyArray<Episode>,
  grader: (task: Task) => Grader,
  how: Replay
) => Effect.Effect<ReadonlyArray<NotableDialogue>, PolicyError> = Effect.fnUntraced(function* (
  episodes: ReadonlyArray<Episode>,
  grader: (task: Task) => Grader,
  how: Replay
) {
  const notable: Array<NotableDialogue> = []
  for (const kind of ["best", "worst"] as const) {
    const [shortest] = episodes
      .filter((episode) => {
        const { first, correct } = recordOf(episode, grader)
        const turned = kind === "best" ? first === false && correct : first === true && !correct
        return turned && episode.turns.length <= mostTurns
      })
      .toSorted((a, b) => a.turns.length - b.turns.length || a.number - b.number)
    if (shortest !== undefined) notable.push(yield* tell(kind, shortest.dialogue, how))
  }
  return notable
})
