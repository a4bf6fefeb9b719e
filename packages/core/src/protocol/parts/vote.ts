import type { Answer, Grader } from "../../answer/index.ts"
import { graderFor } from "../../task/grader-for.ts"
import type { Task } from "../../task.ts"
import { type Board, type Change, type Proposal, withPending } from "./board.ts"
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

/** Proposals that say the same, with what they count together. */
export interface Faction {
  readonly members: ReadonlyArray<Proposal>
  readonly weight: number
}

/** Sums of weights that differ by less are a tie. */
const tolerance = 1e-9

const sameBy =
  (grader: Grader) =>
  (a: Answer, b: Answer): boolean =>
    a.canonical === b.canonical || grader.equal(a, b) || grader.equal(b, a)

/**
 * The proposals by what they answer, each with those that are equal to its first by the grader's own equality, in the order of their firsts;
 * unreadable ones are left out.
 */
export const factionsOf = (
  proposals: ReadonlyArray<Proposal>,
  grader: Grader,
  weight: (proposal: Proposal) => number = () => 1
): ReadonlyArray<Faction> => {
  const same = sameBy(grader)
  const factions: Array<{ readonly first: Answer; readonly members: Array<Proposal>; weight: number }> = []
  for (const proposal of proposals) {
    const { answer } = proposal
    if (answer === undefined) continue
    const faction = factions.find(({ first }) => same(first, answer))
    if (faction === undefined) factions.push({ first: answer, members: [proposal], weight: weight(proposal) })
    else {
      faction.members.push(proposal)
      faction.weight += weight(proposal)
    }
  }
  return factions.map(({ members, weight }) => ({ members, weight }))
}

const firstBest = <A>(items: ReadonlyArray<A>, worth: (item: A) => number): A | undefined => {
  let best: A | undefined
  for (const item of items) {
    if (best === undefined || worth(item) > worth(best) + tolerance) best = item
  }
  return best
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
