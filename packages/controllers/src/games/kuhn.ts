import type { Payoffs, Protocol, Seat, SeatTurn, Task } from "@tracer-sdk/core"

/** A hand of Kuhn poker: the cards of both players, and the moves made, `p` for pass and `b` for bet. */
export interface KuhnState {
  readonly task: Task
  /** Two of J, Q and K, the first player's first; empty before the deal. */
  readonly cards: string
  readonly moves: string
}

const seats: readonly [Seat, Seat] = [
  { name: "first", agent: "first", controller: "first" },
  { name: "second", agent: "second", controller: "second" }
]

const deals = ["JQ", "JK", "QJ", "QK", "KJ", "KQ"].map((name) => ({ name, probability: 1 / 6 }))

const seatTurns: ReadonlyArray<SeatTurn> = [0, 1, 2].map((moves) => ({
  kind: "seat",
  round: moves + 1,
  seat: seats[moves === 1 ? 1 : 0],
  actions: [{ name: "pass" }, { name: "bet" }],
  fallback: "pass"
}))

/** What the first player wins, by the moves that end a hand; `showdown` is +1 when the first player's card is higher. */
const winnings: Readonly<Record<string, (showdown: number) => number>> = {
  pp: (showdown) => showdown,
  bp: () => 1,
  bb: (showdown) => 2 * showdown,
  pbp: () => -1,
  pbb: (showdown) => 2 * showdown
}

const rank = (card: string | undefined): number => "JQK".indexOf(card ?? "")

/**
 * Kuhn poker: three cards, one each, an ante of 1 and at most one bet of 1.
 *
 * The smallest game with bluffs, on which regret matching is held to known values: the first player's game value is
 * -1/18, and uniform play has a NashConv of 11/12. Source: Kuhn 1950.
 */
export const kuhnPoker = (): Protocol<KuhnState> => ({
  name: "kuhn-poker",
  seats,
  start: (task) => ({ task, cards: "", moves: "" }),
  turn: ({ cards, moves }) => {
    if (cards === "") return { kind: "chance", outcomes: deals }
    return Object.hasOwn(winnings, moves) ? undefined : seatTurns[moves.length]
  },
  observe: ({ cards, moves }, turn) => `${cards[turn.seat === seats[0] ? 0 : 1]}${moves}`,
  view: ({ task }) => ({ task, transcript: [] }),
  apply: (state, turn, { action }) =>
    turn.kind === "chance"
      ? { ...state, cards: action }
      : { ...state, moves: state.moves + (action === "bet" ? "b" : "p") },
  answer: () => undefined,
  returns: ({ cards, moves }): Payoffs => {
    const first = winnings[moves]?.(Math.sign(rank(cards[0]) - rank(cards[1]))) ?? 0
    return { first, second: 0 - first }
  }
})
