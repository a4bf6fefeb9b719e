import { ConfigError } from "../../errors.ts"
import type { Act, Protocol, Seat, SeatTurn, Turn } from "../../protocol.ts"
import type { Reading, TranscriptEntry } from "../../transcript.ts"
import { type Board, emptyBoard, pendingOf, viewOf } from "./board.ts"
import { advance, type Cursor, type Due, dueAt, duePaths, type Path, settle } from "./cursor.ts"
import type { Part } from "./part.ts"
import { type Program, programOf, turnsOf } from "./program.ts"
import type { Move } from "./spoken-move.ts"

/** A dialogue between two turns. */
export interface DialogueState<M = unknown> extends Cursor<M> {
  /** Which of the protocol's seatings it has. */
  readonly seating: number
  /** At parallel parts, the ways to those of the turns taken together that have not been taken yet, the current one first. */
  readonly due?: ReadonlyArray<Path>
}

/** A protocol put together from parts. */
export interface ProtocolParts<M> {
  readonly name: string
  /** The whole dialogue; several, and the e-th dialogue (from 0) is the e-th of them, all over again after the last. */
  readonly play: Part<M> | ReadonlyArray<Part<M>>
  /** What the protocol keeps in mind before the first turn, as plain JSON. */
  readonly memory: M
}

/** A turn that is due, with the way to it. */
interface Found extends Due<unknown> {
  readonly path: Path
}

const isList = <A>(value: A | ReadonlyArray<A>): value is ReadonlyArray<A> => Array.isArray(value)

const judges = (reading: Reading): boolean => {
  const meant = reading.kind === "unreadable" ? reading.expected : reading.kind
  return meant === "verdict" || meant === "score"
}

const entryOf = <M>(
  board: Board<M>,
  { round, seat: { agent, name: seat } }: SeatTurn,
  { name: action, role }: Move<M>,
  said: Act["utterance"]
): TranscriptEntry => {
  if (role === undefined) return { round, agent, seat, action }
  if (said === undefined) return { round, agent, seat, action, role, text: "" }
  const { text, reading } = said
  const about = judges(reading) ? pendingOf(board)?.round : undefined
  return about === undefined
    ? { round, agent, seat, action, role, text, reading }
    : { round, agent, seat, action, role, text, reading, about }
}

const played = <M>({ instruction, board }: Due<M>, act: Act, protocol: string): Board<M> => {
  const { turn, moves } = instruction
  const move = moves.find(({ name }) => name === act.action)
  if (move === undefined) {
    throw new RangeError(`${protocol}: "${act.action}" is not a legal action of round ${turn.round}.`)
  }
  const entry = entryOf(board, turn, move, act.utterance)
  const { task, proposals, pending, memory } = board
  const after = { task, transcript: [...board.transcript, entry], proposals, pending, memory }
  return move.does?.(after, entry) ?? after
}

/** The way to a turn that is no part of parallel ones. */
const straight: Path = []

const seatsOf = <M>(programs: ReadonlyArray<Program<M>>): ReadonlyArray<Seat> => {
  const seats = new Map<string, Seat>()
  for (const { turn } of programs.flatMap(turnsOf)) {
    const { name, agent, controller } = turn.seat
    seats.set(JSON.stringify([name, agent, controller]), turn.seat)
  }
  return [...seats.values()]
}

const rolesOf = <M>(programs: ReadonlyArray<Program<M>>): ReadonlyArray<string> => [
  ...new Set(programs.flatMap(turnsOf).flatMap(({ moves }) => moves.flatMap(({ role }) => role ?? [])))
]

/**
 * Makes a protocol of parts. Its states are plain JSON and never change, and it ends whatever is said, because parts do.
 *
 * Turns are numbered by their place among the parts, so that two ways through a dialogue share their random draws. Throws `ConfigError`
 * where no turn could ever be taken.
 */
export function protocolOf<M>(parts: ProtocolParts<M>): Protocol<DialogueState<M>>
export function protocolOf(parts: Omit<ProtocolParts<unknown>, "memory">): Protocol<DialogueState>
export function protocolOf({
  name,
  play,
  memory
}: Omit<ProtocolParts<unknown>, "memory"> & { readonly memory?: unknown }): Protocol<DialogueState> {
  const programs = (isList(play) ? play : [play]).map(programOf)
  const seats = seatsOf(programs)
  if (seats.length === 0) {
    throw new ConfigError({
      path: "protocol",
      message: `The protocol "${name}" has no turns.`,
      hint: "Put at least one once(...) into its parts."
    })
  }
  const programIn = (seating: number): Program<unknown> => programs[seating] ?? []
  const settled = (seating: number, cursor: Cursor<unknown>): DialogueState => {
    const program = programIn(seating)
    const { at, board, branches } = settle(program, cursor)
    return branches === undefined
      ? { seating, at, board }
      : { seating, at, board, branches, due: duePaths(program, branches, at) }
  }
  const foundAt = (state: DialogueState, path: Path): Found | undefined => {
    const due = dueAt(programIn(state.seating), state, path)
    return due === undefined ? undefined : { ...due, path }
  }
  /** The turn as it stands in the state, by default the current one: a later one of those taken together may be asked for, too. */
  const find = (state: DialogueState, turn?: SeatTurn): Found | undefined => {
    const { seating, at, board, due = [] } = state
    const instruction = programIn(seating)[at]
    if (instruction?.kind === "turn") {
      const asked = turn === undefined || turn.round === instruction.turn.round
      return asked ? { instruction, board, path: straight } : undefined
    }
    for (const path of due) {
      const found = foundAt(state, path)
      if (turn === undefined || found?.instruction.turn.round === turn.round) return found
    }
    return undefined
  }
  const requireDue = (state: DialogueState, turn: Turn): Found => {
    const found = turn.kind === "seat" ? find(state, turn) : undefined
    if (found !== undefined) return found
    const what = turn.kind === "seat" ? `round ${turn.round}` : "a chance turn"
    throw new RangeError(`${name}: ${what} is not to be played now.`)
  }
  const protocol: Protocol<DialogueState> = {
    name,
    seats,
    roles: rolesOf(programs),
    start: (task, episode) => settled(episode % programs.length, { at: 0, board: emptyBoard(task, memory) }),
    turn: (state) => find(state)?.instruction.turn,
    observe: (state, turn) => {
      const { instruction, board } = requireDue(state, turn)
      return instruction.info(board, instruction.turn)
    },
    view: (state, turn) => {
      const found = find(state, turn)
      if (found === undefined) return viewOf(state.board)
      const view = viewOf(found.board)
      return found.instruction.view?.(view, found.board) ?? view
    },
    apply: (state, turn, act) => {
      const found = requireDue(state, turn)
      const { seating, due } = state
      const next = advance(programIn(seating), state, found.path, played(found, act, name))
      const left = due?.filter((path) => path !== found.path) ?? []
      return left.length === 0 ? settled(seating, next) : { seating, ...next, due: left }
    },
    answer: ({ board }) => pendingOf(board)?.answer
  }
  const together = (state: DialogueState): ReadonlyArray<SeatTurn> =>
    (state.due ?? [[]]).flatMap((path) => foundAt(state, path)?.instruction.turn ?? [])
  const takesTogether = programs.some((program) => program.some(({ kind }) => kind === "parallel"))
  return takesTogether ? { ...protocol, together } : protocol
}
