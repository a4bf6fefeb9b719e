import type { TranscriptEntry } from "../../transcript.ts"
import { type Board, judgedBy, type Proposal, pendingOf } from "./board.ts"

/** An action with what it does to the board. */
export interface Move<M = unknown> {
  readonly name: string
  /** The role that it speaks through; silent without one. */
  readonly role?: string
  /** What comes of it, on a board whose transcript it already stands in. Default: nothing. */
  readonly does?: (board: Board<M>, entry: TranscriptEntry) => Board<M>
}

const tabled = <M>(board: Board<M>, entry: TranscriptEntry): Board<M> => {
  const { round, agent, seat, text = "", reading } = entry
  const unjudged = { right: 0, wrong: 0, scores: [] }
  const proposal: Proposal =
    reading?.kind === "proposal"
      ? { text, answer: reading.answer, round, agent, seat, ...unjudged }
      : { text, round, agent, seat, ...unjudged }
  const { task, transcript, proposals, memory } = board
  return { task, transcript, proposals: [...proposals, proposal], pending: proposals.length, memory }
}

const judged = <M>(board: Board<M>, entry: TranscriptEntry): Board<M> => {
  const pending = pendingOf(board)
  if (pending === undefined) return board
  const after = judgedBy(pending, entry.reading)
  if (after === pending) return board
  return { ...board, proposals: board.proposals.map((proposal) => (proposal === pending ? after : proposal)) }
}

/** Speaks, and puts what was said on the table, readable or not: it becomes the pending answer, not yet voted on. */
export const propose = <M>(role = "proposer", name = "propose"): Move<M> => ({ name, role, does: tabled })

/** Speaks about the pending answer: a verdict is a vote, a score is added to its scores, anything else changes nothing. */
export const review = <M>(role = "reviewer", name = "review"): Move<M> => ({ name, role, does: judged })

/** Speaks, and does what the reading says: a proposal or a failed one is put on the table, a judgement counts. */
export const say = <M>(role: string, name = "speak"): Move<M> => ({
  name,
  role,
  does: (board, entry) => {
    const { reading } = entry
    const proposes =
      reading?.kind === "proposal" || (reading?.kind === "unreadable" && reading.expected === "proposal")
    return proposes ? tabled(board, entry) : judged(board, entry)
  }
})

/** Stays silent. */
export const stay = <M>(name: string): Move<M> => ({ name })
