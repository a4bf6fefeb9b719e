import type { Grader } from "../answer/index.ts"
import type { InfoState, Seat } from "../protocol.ts"
import type { Task } from "../task.ts"
import {
  type Board,
  type Faction,
  factionsOnBoard,
  meanScore,
  once,
  type Part,
  type Proposal,
  parallel,
  pendingOf,
  put,
  review,
  seatAt,
  sequence,
  stay,
  when
} from "./parts/index.ts"

/** What a proposal counts by its judgements; one that nobody judged readably, half. */
export const verifiedScore = (proposal: Proposal): number => meanScore(proposal) ?? 1 / 2

/** How many of the readable proposals say the same as the pending one, itself among them, as in `agree=2/3`. */
const agreement = (board: Board, factions: ReadonlyArray<Faction>): InfoState => {
  const pending = pendingOf(board)
  const own = factions.find(({ members }) => members.some((member) => member === pending))
  return `agree=${own?.weight ?? 0}/${factions.reduce((sum, { weight }) => sum + weight, 0)}`
}

/** How proposals are verified. */
export interface Verification {
  /** Most proposals that there can be. */
  readonly proposals: number
  /** Judgements of each. */
  readonly judgements: number
  /** Who judges, in turn. */
  readonly verifiers: ReadonlyArray<string>
  /** Without it, a verifier may skip a proposal. */
  readonly alwaysSpeak: boolean
  readonly grader: (task: Task) => Grader
}

/**
 * Every readable proposal is judged, all at once, by the role `verifier`; a verifier who may skip observes how many of the proposals
 * agree with the one before it. A proposal alone is not judged: there is nothing to choose.
 */
export const verifyProposals = ({
  proposals,
  judgements,
  verifiers,
  alwaysSpeak,
  grader
}: Verification): Part => {
  const factionsOf = factionsOnBoard(grader)
  const judging = (seat: Seat): Part =>
    once(seat, alwaysSpeak ? [review("verifier", "verify")] : [stay("skip"), review("verifier", "verify")], {
      fallback: "verify",
      info: (board) => agreement(board, factionsOf(board))
    })
  const branches = Array.from({ length: proposals * judgements }, (_, i) => {
    const index = Math.floor(i / judgements)
    const judge = judging(seatAt(verifiers[i % verifiers.length] ?? "", "verifier"))
    return when(({ proposals: made }) => made[index]?.answer !== undefined, sequence(put(index), judge))
  })
  return when(({ proposals: made }) => made.length > 1, parallel(...branches))
}
