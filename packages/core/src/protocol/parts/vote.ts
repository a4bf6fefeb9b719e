import type { Grader } from "../../answer/index.ts"
import { graderFor } from "../../task/grader-for.ts"
import type { Task } from "../../task.ts"
import { type Board, type Change, type Proposal, withPending } from "./board.ts"
import { factionsOf } from "./factions.ts"
import { firstBest } from "./first-best.ts"
import { type Part, perform } from "./part.ts"

/** How proposals are voted on. */
export interface VoteOptions<M> {
  /** The proposals that count; by default all. */
  readonly among?: (board: Board<M>) => ReadonlyArray<Proposal>
  /** What a proposal counts, 0 or more; by default 1. */
  readonly weight?: (proposal: Proposal, board: Board<M>) => number
  /** Says which answers are the same; by default the grader of the task's data set. */
  readonly grader?: (task: Task) => Grader
}

const putting =
  <M>(winner: (board: Board<M>) => Proposal | undefined): Change<M> =>
  (board) => {
    const found = winner(board)
    return found === undefined ? board : withPending(board, board.proposals.indexOf(found))
  }

/**
 * The answer that counts most goes on the table, by its earliest proposal; of several that count alike, the one that was proposed
 * first. Where no proposal can be read, all stays as it is.
 */
export const vote = <M>({
  among = ({ proposals }) => proposals,
  weight = () => 1,
  grader = graderFor
}: VoteOptions<M> = {}): Part<M> =>
  perform(
    putting((board) => {
      const factions = factionsOf(among(board), grader(board.task), (proposal) => weight(proposal, board))
      return firstBest(factions, (faction) => faction.weight)?.members[0]
    })
  )

/** The readable proposal of the highest score goes on the table; of several alike, the first. Where none can be read, all stays as it is. */
export const best = <M>(
  score: (proposal: Proposal, board: Board<M>) => number,
  among: (board: Board<M>) => ReadonlyArray<Proposal> = ({ proposals }) => proposals
): Part<M> =>
  perform(
    putting((board) =>
      firstBest(
        among(board).filter(({ answer }) => answer !== undefined),
        (proposal) => score(proposal, board)
      )
    )
  )
