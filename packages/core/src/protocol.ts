import type { Answer } from "./answer/index.ts"
import type { Task } from "./task.ts"
import type { Reading, View } from "./transcript.ts"

/** A finite key of what a seat's controller may observe. */
export type InfoState = string

/** One of a turn's choices: an action with a role speaks through it, one without is silent. */
export interface Action {
  readonly name: string
  readonly role?: string
}

/** A chair at the game: who sits there, and the name under which its controller learns. */
export interface Seat {
  readonly name: string
  readonly agent: string
  readonly controller: string
}

/** A seat has to act. One action alone is a forced move, of which no controller is asked. */
export interface SeatTurn {
  readonly kind: "seat"
  /** Counts the dialogue's turns from 1, each with a number of its own, under which its random draws are named; gaps are allowed. */
  readonly round: number
  readonly seat: Seat
  readonly actions: ReadonlyArray<Action>
  /** The action of a greedy tie and of an information state never seen. */
  readonly fallback: string
}

/** Nature has to act; probabilities sum to 1. */
export interface ChanceTurn {
  readonly kind: "chance"
  readonly outcomes: ReadonlyArray<{ readonly name: string; readonly probability: number }>
}

export type Turn = SeatTurn | ChanceTurn

/** A move: the name of an action or a chance outcome, with what was said and understood where the action spoke. */
export interface Act {
  readonly action: string
  readonly utterance?: { readonly text: string; readonly reading: Reading }
}

/** Payoff by seat name. */
export type Payoffs = Readonly<Record<string, number>>

/**
 * A game over a task whose moves may be spoken: pure, without a model, a clock or randomness.
 *
 * States are immutable values. The interface is OpenSpiel's, with language for moves.
 */
export interface Protocol<S> {
  readonly name: string
  /** Every (agent, seat) pair that can come to act. */
  readonly seats: ReadonlyArray<Seat>
  /** The roles that its actions speak through, so that a team can be checked before it plays. */
  readonly roles?: ReadonlyArray<string>
  /** The state before the first turn of the `episode`-th dialogue (from 0), which may decide who sits where. */
  start(task: Task, episode: number): S
  /** Whose turn it is; `undefined` when the game is over. */
  turn(state: S): Turn | undefined
  /** What the turn's seat may observe. */
  observe(state: S, turn: SeatTurn): InfoState
  /** What the role of `turn` sees, by default the current turn; everything, once the game is over. */
  view(state: S, turn?: SeatTurn): View
  /**
   * The turns that are taken at once, the current one first: none of them observes or sees what the others do, so an engine may ask
   * all their models at the same time. They are applied in their order. Without it, every turn is taken alone.
   */
  together?(state: S): ReadonlyArray<SeatTurn>
  apply(state: S, turn: Turn, act: Act): S
  /** The answer on the table, if a readable one is. */
  answer(state: S): Answer | undefined
  /** Payoffs of a finished game that has its own (Kuhn poker); dialogues leave worth to the credit assigner. */
  returns?(state: S): Payoffs
}
