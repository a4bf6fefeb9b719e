import { ConfigError } from "../../errors.ts"
import type { InfoState, Seat, SeatTurn } from "../../protocol.ts"
import type { View } from "../../transcript.ts"
import type { Board, Change } from "./board.ts"
import { withPending } from "./board.ts"
import type { Move } from "./spoken-move.ts"

/** One seat acts once. */
export interface TurnPart<M> {
  readonly kind: "turn"
  readonly seat: Seat
  readonly moves: ReadonlyArray<Move<M>>
  readonly fallback: string
  readonly info: (board: Board<M>, turn: SeatTurn) => InfoState
  readonly view?: (view: View, board: Board<M>) => View
}

/** A piece of a dialogue, to be put together with others; `M` is what the protocol keeps in mind beside the dialogue. */
export type Part<M = unknown> =
  | TurnPart<M>
  | { readonly kind: "perform"; readonly change: Change<M> }
  | { readonly kind: "silence" }
  | { readonly kind: "sequence"; readonly parts: ReadonlyArray<Part<M>> }
  | { readonly kind: "parallel"; readonly parts: ReadonlyArray<Part<M>> }
  | { readonly kind: "until"; readonly condition: (board: Board<M>) => boolean; readonly part: Part<M> }
  | {
      readonly kind: "choose"
      readonly which: (board: Board<M>) => number | undefined
      readonly parts: ReadonlyArray<Part<M>>
    }

/** A part, or how to make the i-th one, from 0. */
export type PartAt<M> = Part<M> | ((index: number) => Part<M>)

const partAt = <M>(part: PartAt<M>, index: number): Part<M> =>
  typeof part === "function" ? part(index) : part

const requireCount = (what: string, count: number): void => {
  if (Number.isSafeInteger(count) && count >= 0) return
  throw new ConfigError({
    path: "protocol",
    message: `${what} was given ${count} as how many times.`,
    hint: "Give a whole number, 0 or more."
  })
}

/** `agent` at a seat of this name, with the controller `agent.name`. */
export const seatAt = (agent: string, name: string): Seat => ({ name, agent, controller: `${agent}.${name}` })

const signed = (votes: number): string => (votes > 0 ? `+${votes}` : String(votes))

/** `vote=none` without a pending answer, `vote=unparsed` where it could not be read, else its votes as in `vote=+1`. */
export const voteInfo = ({ proposals, pending }: Board): InfoState => {
  const proposal = pending === undefined ? undefined : proposals[pending]
  if (proposal === undefined) return "vote=none"
  return proposal.answer === undefined ? "vote=unparsed" : `vote=${signed(proposal.right - proposal.wrong)}`
}

/** How a turn is taken. */
export interface OnceOptions<M> {
  /** The move of a greedy tie and of an information state never seen; by default the first. */
  readonly fallback?: string
  /** What the seat's controller sees; by default the votes on the pending answer. */
  readonly info?: InfoState | ((board: Board<M>, turn: SeatTurn) => InfoState)
  /** Changes what the role sees. */
  readonly view?: (view: View, board: Board<M>) => View
}

/** One seat acts once, by one of these moves; a single one is forced. */
export const once = <M>(
  seat: Seat,
  moves: ReadonlyArray<Move<M>>,
  { fallback = moves[0]?.name ?? "", info = voteInfo, view }: OnceOptions<M> = {}
): Part<M> => {
  const names = moves.map(({ name }) => name)
  if (new Set(names).size < names.length || !names.includes(fallback)) {
    throw new ConfigError({
      path: "protocol",
      message: `${seat.controller} has the moves [${names.join(", ")}] and falls back to "${fallback}".`,
      hint: "Give a turn at least one move, each a name of its own, and one of them as fallback."
    })
  }
  const turn = { kind: "turn", seat, moves, fallback } as const
  const observed = typeof info === "string" ? () => info : info
  return view === undefined ? { ...turn, info: observed } : { ...turn, info: observed, view }
}

/** One part after the other. */
export const sequence = <M>(...parts: ReadonlyArray<Part<M>>): Part<M> => ({ kind: "sequence", parts })

/** The same part `times` over; given as a function, it may differ from round to round. */
export const rounds = <M>(times: number, part: PartAt<M>): Part<M> => alternate(times, part)

/** `times` parts, taken from these in turn: a, b, a, b ... */
export const alternate = <M>(times: number, ...parts: ReadonlyArray<PartAt<M>>): Part<M> => {
  requireCount("alternate", parts.length === 0 && times > 0 ? Number.NaN : times)
  return {
    kind: "sequence",
    parts: Array.from({ length: times }, (_, index) => {
      const part = parts[index % parts.length]
      return part === undefined ? silence() : partAt(part, index)
    })
  }
}

/**
 * Parts at the same time, of which none hears the others: their first turns are taken together, then their second ones, and so on.
 *
 * Afterwards the board is as if they had come one after the other; a verdict on what lay there before them counts, too.
 */
export const parallel = <M>(...parts: ReadonlyArray<Part<M>>): Part<M> => ({ kind: "parallel", parts })

/** The part until the condition holds, asked before each of its turns (before parallel ones as a whole). */
export const until = <M>(condition: (board: Board<M>) => boolean, part: Part<M>): Part<M> => ({
  kind: "until",
  condition,
  part
})

/** One of the parts, by its index; none where the index is that of none. */
export const choose = <M>(
  which: (board: Board<M>) => number | undefined,
  ...parts: ReadonlyArray<Part<M>>
): Part<M> => ({ kind: "choose", which, parts })

/** The part if the condition holds when its turn comes. */
export const when = <M>(condition: (board: Board<M>) => boolean, part: Part<M>): Part<M> =>
  choose((board) => (condition(board) ? 0 : undefined), part)

/** Changes the board without a turn. */
export const perform = <M>(change: Change<M>): Part<M> => ({ kind: "perform", change })

/** Puts one of the proposals, by its index, on the table. */
export const put = <M>(which: number | ((board: Board<M>) => number)): Part<M> =>
  perform((board) => withPending(board, typeof which === "number" ? which : which(board)))

/** A turn that nobody takes: with it an ablation keeps the numbers, and so the random draws, of the turns that it leaves. */
export const silence = <M>(): Part<M> => ({ kind: "silence" })
