import type { Answer, Grader } from "../../answer/index.ts"
import type { Task } from "../../task.ts"
import type { Board, Proposal } from "./board.ts"

/** Proposals that say the same, with what they count together. */
export interface Faction {
  readonly members: ReadonlyArray<Proposal>
  readonly weight: number
}

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

/**
 * The factions of a board, counted once for all the turns that are taken together on it: to compare answers may take a while.
 *
 * `among` has to be a function of the board's proposals alone.
 */
export const factionsOnBoard = (
  grader: (task: Task) => Grader,
  among: (board: Board) => ReadonlyArray<Proposal> = ({ proposals }) => proposals
): ((board: Board) => ReadonlyArray<Faction>) => {
  const counted = new WeakMap<Board["proposals"], ReadonlyArray<Faction>>()
  return (board) => {
    const known = counted.get(board.proposals)
    if (known !== undefined) return known
    const factions = factionsOf(among(board), grader(board.task))
    counted.set(board.proposals, factions)
    return factions
  }
}
