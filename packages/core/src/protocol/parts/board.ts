import type { Task } from "../../task.ts"
import type { PendingAnswer, Reading, TranscriptEntry, View } from "../../transcript.ts"

/** A proposal with what was said of it. */
export interface Proposal extends PendingAnswer {
  /** The turn in which it was made, and by whom. */
  readonly round: number
  readonly agent: string
  readonly seat: string
  /** RIGHT and WRONG verdicts on it. */
  readonly right: number
  readonly wrong: number
  /** Scores from 0 to 1 given to it, in their order. */
  readonly scores: ReadonlyArray<number>
}

/** What lies on the table between two turns: a value of plain JSON that is never changed, only replaced. */
export interface Board<M = unknown> {
  readonly task: Task
  readonly transcript: ReadonlyArray<TranscriptEntry>
  /** Every proposal so far, in the order in which they were made. */
  readonly proposals: ReadonlyArray<Proposal>
  /** Which of the proposals is pending; verdicts are about it, and it is the answer at the end. */
  readonly pending: number | undefined
  /** What else a protocol of one's own keeps in mind. */
  readonly memory: M
}

/** A change of the board. */
export type Change<M = unknown> = (board: Board<M>) => Board<M>

/** The board before the first turn. */
export const emptyBoard = <M>(task: Task, memory: M): Board<M> => ({
  task,
  transcript: [],
  proposals: [],
  pending: undefined,
  memory
})

/** The pending proposal. */
export const pendingOf = ({ proposals, pending }: Board): Proposal | undefined =>
  pending === undefined ? undefined : proposals[pending]

/** RIGHT verdicts minus WRONG verdicts on a proposal. */
export const votesOn = (proposal: Proposal | undefined): number =>
  proposal === undefined ? 0 : proposal.right - proposal.wrong

/** A proposal with one more judgement: a verdict or a score, which is held to lie from 0 to 1; anything else changes nothing. */
export const judgedBy = (proposal: Proposal, reading: Reading | undefined): Proposal => {
  if (reading?.kind === "score") {
    return { ...proposal, scores: [...proposal.scores, Math.min(1, Math.max(0, reading.score))] }
  }
  if (reading?.kind !== "verdict") return proposal
  return reading.verdict === "right"
    ? { ...proposal, right: proposal.right + 1 }
    : { ...proposal, wrong: proposal.wrong + 1 }
}

/** The mean of a proposal's scores, where RIGHT counts as 1 and WRONG as 0; absent where nobody judged it. */
export const meanScore = ({ right, wrong, scores }: Proposal): number | undefined => {
  const judgements = right + wrong + scores.length
  if (judgements === 0) return undefined
  return scores.reduce((sum, score) => sum + score, right) / judgements
}

/** The last proposal of each (agent, seat), in the order in which these first proposed. */
export const lastProposals = ({ proposals }: Board): ReadonlyArray<Proposal> => {
  const last = new Map<string, Proposal>()
  for (const proposal of proposals) last.set(JSON.stringify([proposal.agent, proposal.seat]), proposal)
  return [...last.values()]
}

/** Puts one of the proposals, by its index, on the table. */
export const withPending = <M>(board: Board<M>, index: number): Board<M> =>
  index === board.pending || board.proposals[index] === undefined ? board : { ...board, pending: index }

/** What a role sees of the board. */
export const viewOf = (board: Board): View => {
  const { task, transcript } = board
  const proposal = pendingOf(board)
  if (proposal === undefined) return { task, transcript }
  const { text, answer, round } = proposal
  return { task, transcript, pending: answer === undefined ? { text, round } : { text, answer, round } }
}
