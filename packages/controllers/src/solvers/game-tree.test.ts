import { describe, expect, it } from "vitest"
import { kuhnPoker } from "../games/kuhn.ts"
import { gameTree } from "./game-tree.ts"

const kuhn = kuhnPoker()

describe("gameTree", () => {
  it("takes no game in which one information state shows different actions", () => {
    const forgetful: typeof kuhn = {
      ...kuhn,
      turn: (state) => {
        const turn = kuhn.turn(state)
        // Whoever holds a king may bet alone; that it holds one, `observe` does not tell.
        const king = state.cards[turn?.kind === "seat" && turn.seat.name === "first" ? 0 : 1] === "K"
        return turn?.kind === "seat" && king ? { ...turn, actions: [{ name: "bet" }] } : turn
      },
      observe: ({ moves }) => moves
    }
    expect(() => gameTree(forgetful)).toThrow(
      'Information state "p" has the actions [bet] here and [pass, bet] before'
    )
  })

  it("takes no game that speaks, or that nobody wins", () => {
    const { returns: _, ...unpaid } = kuhn
    expect(() => gameTree(unpaid)).toThrow('"kuhn-poker" gives no returns(); only games with payoffs')
    const loud: typeof kuhn = {
      ...kuhn,
      turn: (state) => {
        const turn = kuhn.turn(state)
        return turn?.kind === "seat" ? { ...turn, actions: [{ name: "bet", role: "boaster" }] } : turn
      }
    }
    expect(() => gameTree(loud)).toThrow('Action "bet" of protocol "kuhn-poker" speaks; only silent games')
  })
})
