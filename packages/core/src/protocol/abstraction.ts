import type { InfoState, Seat } from "../protocol.ts"
import type { View } from "../transcript.ts"
import { type Board, pendingOf, viewOf, votesOn } from "./parts/board.ts"

/** What everybody at a dialogue of proposals and reviews knows when a seat has to act. */
export interface PublicState {
  readonly seat: string
  readonly agent: string
  /** From 1 to `rounds`. */
  readonly round: number
  readonly rounds: number
  /** Proposal rounds still to come, the current one included. */
  readonly proposalsLeft: number
  readonly pending: "none" | "unparsed" | "answer"
  /** RIGHT verdicts minus WRONG verdicts on the pending answer. */
  readonly votes: number
  readonly view: View
}

/** Maps what is public to the finite key that a controller learns on. */
export type Abstraction = (state: PublicState) => InfoState

const signed = (votes: number): string => (votes > 0 ? `+${votes}` : String(votes))

/** `none` without a pending answer, `unparsed` where it could not be read, else the signed vote count. */
export const voteBucket = ({ pending, votes }: PublicState): string =>
  pending === "answer" ? signed(votes) : pending

/** `last` when at most one proposal round remains, the current one included; else `open`. */
export const iterationBucket = ({ proposalsLeft }: PublicState): "open" | "last" =>
  proposalsLeft <= 1 ? "last" : "open"

/** An abstraction of named features, as in `features({ vote: voteBucket })`; its keys read `vote=+1`. */
export const features = (
  named: Readonly<Record<string, (state: PublicState) => string | number>>
): Abstraction => {
  const entries = Object.entries(named)
  return (state) => entries.map(([name, feature]) => `${name}=${feature(state)}`).join(" ")
}

// Keys are made once: engines look them up millions of times, and a fresh string would be hashed each time.
const tabulatedVotes = 16
const keysOf = (round: "open" | "last") => ({
  none: `vote=none round=${round}`,
  unparsed: `vote=unparsed round=${round}`,
  votes: Array.from(
    { length: 2 * tabulatedVotes + 1 },
    (_, i) => `vote=${signed(i - tabulatedVotes)} round=${round}`
  )
})
const keys = { open: keysOf("open"), last: keysOf("last") }

/** Vote bucket and iteration bucket, as in `vote=+1 round=open`. Source: TRACER, controller states. */
export const votesAndIteration: Abstraction = (state) => {
  const round = iterationBucket(state)
  const known = keys[round]
  if (state.pending !== "answer") return known[state.pending]
  return known.votes[state.votes + tabulatedVotes] ?? `vote=${signed(state.votes)} round=${round}`
}

/** The ablation that hides the votes. */
export const withoutVotes: Abstraction = features({ round: iterationBucket })

/** The ablation that hides how much of the dialogue is left. */
export const withoutIteration: Abstraction = features({ vote: voteBucket })

/** What a seat observes of a board in a round, of `rounds` of which the odd ones propose. */
export const observedOver =
  (abstraction: Abstraction, rounds: number) =>
  ({ name: seat, agent }: Seat, round: number) => {
    const proposalsLeft = Math.floor((rounds + 1) / 2) - Math.floor(round / 2)
    return (board: Board): InfoState => {
      const proposal = pendingOf(board)
      const pending = proposal === undefined ? "none" : proposal.answer === undefined ? "unparsed" : "answer"
      const votes = votesOn(proposal)
      return abstraction({ seat, agent, round, rounds, proposalsLeft, pending, votes, view: viewOf(board) })
    }
  }

/** The abstractions that a configuration can name. */
export const abstractions = {
  "votes-and-iteration": votesAndIteration,
  "without-votes": withoutVotes,
  "without-iteration": withoutIteration
} as const satisfies Record<string, Abstraction>
