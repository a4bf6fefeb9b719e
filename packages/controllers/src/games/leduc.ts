import type { Action, Payoffs, Protocol, Seat, Task } from "@tracer-sdk/core"

/** A hand of Leduc poker: card indices 0 to 5, of rank `card >> 1`, and the moves of each betting round as `c` and `r`, with `f` to fold. */
export interface LeducState {
  readonly task: Task
  /** Each player's card; `undefined` before the deal. */
  readonly cards: readonly [number, number] | undefined
  /** The card on the table; `undefined` before the second round. */
  readonly open: number | undefined
  readonly first: string
  readonly second: string
}

const seats: readonly [Seat, Seat] = [
  { name: "first", agent: "first", controller: "first" },
  { name: "second", agent: "second", controller: "second" }
]

const deck = [0, 1, 2, 3, 4, 5]
const maximumRaises = 2

const deals = deck.flatMap((a) =>
  deck.filter((b) => b !== a).map((b) => ({ name: `${a}${b}`, probability: 1 / 30 }))
)

const fold: Action = { name: "fold" }
const call: Action = { name: "call" }
const raise: Action = { name: "raise" }
const letters: Readonly<Record<string, string>> = { fold: "f", call: "c", raise: "r" }

const raisesOf = (moves: string): number => moves.split("r").length - 1

/** A round is over when the second player to speak, or whoever answers a raise, calls. */
const isClosed = (moves: string): boolean => moves.length >= 2 && moves.endsWith("c")

const folded = ({ first, second }: LeducState): boolean => (second === "" ? first : second).endsWith("f")

/** What each player has put in over a round in which a raise is worth `size`. */
const stakes = (moves: string, size: number): readonly [number, number] => {
  const paid: [number, number] = [0, 0]
  for (const [i, move] of [...moves].entries()) {
    const player = i % 2 === 0 ? 0 : 1
    const asked = paid[player === 0 ? 1 : 0]
    if (move === "c") paid[player] = asked
    if (move === "r") paid[player] = asked + size
  }
  return paid
}

/** A pair beats any other hand, else the higher rank; positive for the first player, 0 for a tie. */
const showdown = ([a, b]: readonly [number, number], open: number): number => {
  const strength = (card: number) => (card >> 1 === open >> 1 ? 3 : card >> 1)
  return Math.sign(strength(a) - strength(b))
}

const movesOf = (state: LeducState): string => (state.open === undefined ? state.first : state.second)

const legalIn = (moves: string): ReadonlyArray<Action> => [
  ...(moves.endsWith("r") ? [fold] : []),
  call,
  ...(raisesOf(moves) < maximumRaises ? [raise] : [])
]

/**
 * Leduc poker for two, as OpenSpiel has it: six cards (three ranks, two suits that matter to nobody but are told apart), an ante of 1,
 * two rounds of betting with at most two raises each, of 2 and of 4, and one open card between them.
 *
 * It has 936 information sets, and uniform play has a NashConv of 4.747222. Source: Southey et al. 2005, "Bayes' bluff".
 */
export const leducPoker = (): Protocol<LeducState> => ({
  name: "leduc-poker",
  seats,
  start: (task) => ({ task, cards: undefined, open: undefined, first: "", second: "" }),
  turn: (state) => {
    const { cards, open } = state
    if (cards === undefined) return { kind: "chance", outcomes: deals }
    if (folded(state)) return undefined
    const moves = movesOf(state)
    if (isClosed(moves)) {
      if (open !== undefined) return undefined
      const left = deck.filter((card) => !cards.includes(card))
      return {
        kind: "chance",
        outcomes: left.map((card) => ({ name: String(card), probability: 1 / left.length }))
      }
    }
    const round = 1 + (open === undefined ? 0 : state.first.length) + moves.length
    const seat = seats[moves.length % 2 === 0 ? 0 : 1]
    return { kind: "seat", round, seat, actions: legalIn(moves), fallback: "call" }
  },
  observe: ({ cards, open, first, second }, { seat }) =>
    `${cards?.[seat === seats[0] ? 0 : 1]} ${first}${open === undefined ? "" : ` ${open} ${second}`}`,
  view: ({ task }) => ({ task, transcript: [] }),
  apply: (state, turn, { action }) => {
    if (turn.kind === "chance") {
      return state.cards === undefined
        ? { ...state, cards: [Number(action[0]), Number(action[1])] }
        : { ...state, open: Number(action) }
    }
    const moves = movesOf(state) + (letters[action] ?? "")
    return state.open === undefined ? { ...state, first: moves } : { ...state, second: moves }
  },
  answer: () => undefined,
  returns: (state): Payoffs => {
    const { cards, open, first, second } = state
    const [early, late] = [stakes(first, 2), stakes(second, 4)]
    const put = [1 + early[0] + late[0], 1 + early[1] + late[1]] as const
    if (folded(state)) {
      const folder = (movesOf(state).length - 1) % 2
      return folder === 0 ? { first: -put[0], second: put[0] } : { first: put[1], second: -put[1] }
    }
    const won = cards === undefined || open === undefined ? 0 : showdown(cards, open) * put[0]
    return { first: won, second: 0 - won }
  }
})
