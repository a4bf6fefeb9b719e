import type { Answer, Grader } from "../answer/index.ts"
import type { PlayedTurn } from "../credit.ts"
import { isRight } from "../engine/is-right.ts"
import type { Episode } from "../engine/play-episode.ts"
import type { Task } from "../task.ts"

/** What a report needs of a dialogue. */
export type ReportedEpisode = Pick<
  Episode,
  | "task"
  | "answer"
  | "correct"
  | "calls"
  | "promptTokens"
  | "completionTokens"
  | "usage"
  | "turns"
  | "choices"
>

/** Verdicts against the truth, by what they said and what was so. */
export interface VerdictCounts {
  readonly wrongOfWrong: number
  readonly wrongOfRight: number
  readonly rightOfWrong: number
  readonly rightOfRight: number
  readonly unreadable: number
}

/** What is kept of a dialogue for a report: numbers alone, so that a long evaluation holds no texts. */
export interface DialogueRecord {
  readonly task: string
  readonly correct: boolean
  /** Whether the first proposal was right; absent where nobody proposed. */
  readonly first?: boolean
  readonly parsed: boolean
  readonly promptTokens: number
  readonly completionTokens: number
  readonly calls: number
  readonly usage: Episode["usage"]
  readonly verdicts: VerdictCounts
  readonly choices: Episode["choices"]
  /** P(right) of a guess among the task's choices; 0 where it has none. */
  readonly guessing: number
}

const firstProposal = (turns: ReadonlyArray<PlayedTurn>): Answer | "unreadable" | undefined => {
  for (const { utterance } of turns) {
    if (utterance === undefined) continue
    const { reading } = utterance
    if (reading.kind === "proposal") return reading.answer
    if (reading.kind === "unreadable" && reading.expected === "proposal") return "unreadable"
  }
  return undefined
}

/**
 * Counts the verdicts on answers; a score of one half or more counts as RIGHT. A verdict is held against the answer that its speaker
 * saw, and one on unfinished work, where no answer was seen, against nothing.
 */
const verdictsOf = ({ task, turns }: ReportedEpisode, grader: Grader): VerdictCounts => {
  const counts = { wrongOfWrong: 0, wrongOfRight: 0, rightOfWrong: 0, rightOfRight: 0, unreadable: 0 }
  for (const { view, utterance } of turns) {
    if (utterance === undefined || view.pending === undefined) continue
    if (view.steps !== undefined && view.pending.answer === undefined) continue
    const { reading } = utterance
    if (reading.kind === "unreadable" && (reading.expected === "verdict" || reading.expected === "score")) {
      counts.unreadable++
    }
    const said =
      reading.kind === "verdict"
        ? reading.verdict
        : reading.kind === "score"
          ? reading.score >= 0.5
            ? "right"
            : "wrong"
          : undefined
    if (said === undefined) continue
    counts[`${said}Of${isRight(task, grader, view.pending.answer) === true ? "Right" : "Wrong"}`]++
  }
  return counts
}

/** The record of a dialogue; its task has a gold answer. */
export const recordOf = (episode: ReportedEpisode, grader: (task: Task) => Grader): DialogueRecord => {
  const { task, answer, correct, calls, promptTokens, completionTokens, usage, turns, choices } = episode
  const judge = grader(task)
  const first = firstProposal(turns)
  return {
    task: task.id,
    correct: correct === true,
    ...(first === undefined ? {} : { first: first !== "unreadable" && isRight(task, judge, first) === true }),
    parsed: answer !== undefined,
    ...{ promptTokens, completionTokens, calls, usage, choices },
    verdicts: verdictsOf(episode, judge),
    guessing: task.choices === undefined ? 0 : 1 / task.choices.length
  }
}
