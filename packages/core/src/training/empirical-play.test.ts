import { bimatrixGame, equilibriumGap } from "@tracer-sdk/controllers"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { empiricalPlay, type PlayedDecision } from "./empirical-play.ts"

const decision = (
  played: "keep" | "propose",
  values: readonly [keep: number, propose: number],
  { controller = "ada.proposer", info = "vote=-1" } = {}
): PlayedDecision => ({ controller, info, actions: ["keep", "propose"], played, values })

describe("empiricalPlay", () => {
  it("measures what one player would have gained, by hand", () => {
    const play = empiricalPlay()
    // Where it kept, proposing was worth 0.5 more, then 0.1 less; where it proposed, keeping was worth 1.2 more.
    play.record([decision("keep", [-0.5, 0])])
    play.record([decision("keep", [0.3, 0.2])])
    play.record([decision("propose", [1, -0.2])])
    play.record([])
    const gaps = play.gaps()
    expect(gaps).toMatchObject({ dialogues: 4, decisions: 3 })
    expect(gaps.correlated).toBeCloseTo(1.2 / 4, 12) // keep in place of propose; propose in place of keep is 0.4 / 4
    expect(gaps.coarse).toBeCloseTo(1.2 / 4, 12) // always keep: 0 + 0 + 1.2; always propose: 0.4 + 0
  })

  it("gains more by swapping one action for another than by a fixed one, where the fixed one is at times bad", () => {
    const play = empiricalPlay()
    const among = (played: string, values: ReadonlyArray<number>) =>
      play.record([{ controller: "ada", info: "", actions: ["a", "b", "c"], played, values }])
    among("a", [0, 1, 0])
    among("c", [-1, -2, 0])
    // b in place of a: +1 of 2 dialogues. Always b: +1 - 2. Always a: 0 - 1. Always c: 0 + 0.
    expect(play.gaps()).toMatchObject({ correlated: 1 / 2, coarse: 0 })
  })

  it("takes each information state of each controller for a player of its own", () => {
    const play = empiricalPlay()
    play.record([
      decision("keep", [0, 0.4]),
      decision("keep", [0, 0.6], { info: "vote=+1" }),
      decision("keep", [0, 0.5], { controller: "bob.proposer" })
    ])
    expect(play.gaps()).toEqual({ dialogues: 1, decisions: 3, correlated: 0.6, coarse: 0.6 })
  })

  it("is 0 before anything was decided, and where nothing better could have been", () => {
    const play = empiricalPlay()
    expect(play.gaps()).toEqual({ dialogues: 0, decisions: 0, correlated: 0, coarse: 0 })
    play.record([decision("keep", [1, 0])])
    expect(play.gaps()).toMatchObject({ correlated: 0, coarse: 0 })
  })

  it("is the gap of the empirical distribution in a one-shot game, as the solvers compute it", () => {
    // Chicken, as in Aumann 1974.
    const chicken = bimatrixGame(
      ["dare", "chicken"],
      ["dare", "chicken"],
      [
        [
          [0, 0],
          [7, 2]
        ],
        [
          [2, 7],
          [6, 6]
        ]
      ]
    )
    const choice = fc.nat(1)
    fc.assert(
      fc.property(fc.array(fc.tuple(choice, choice), { minLength: 1, maxLength: 30 }), (games) => {
        const play = empiricalPlay()
        for (const choices of games) {
          play.record(
            ["row", "column"].map((controller, player) => ({
              controller,
              info: "",
              actions: ["dare", "chicken"],
              played: choices[player] === 0 ? "dare" : "chicken",
              values: [0, 1].map((own) => chicken.payoffs(choices.with(player, own))[player] ?? 0)
            }))
          )
        }
        const joint = games.map((choices) => ({ choices, probability: 1 / games.length }))
        const { correlated, coarse } = equilibriumGap(chicken, joint)
        expect(play.gaps().correlated).toBeCloseTo(correlated, 10)
        expect(play.gaps().coarse).toBeCloseTo(coarse, 10)
      })
    )
  })

  it("counts joint plays, the commonest first, and holds only so many of them", () => {
    const play = empiricalPlay()
    for (let i = 0; i < 10_050; i++) play.record([decision("keep", [0, 0], { info: `${i}` })])
    for (let i = 0; i < 3; i++) play.record([decision("keep", [0, 0], { info: "7" })])
    const { plays, otherDialogues } = play.measured()
    expect(plays).toHaveLength(20)
    expect(plays[0]).toEqual({
      decisions: [{ controller: "ada.proposer", info: "7", action: "keep" }],
      dialogues: 4
    })
    expect(plays.reduce((sum, { dialogues }) => sum + dialogues, otherDialogues)).toBe(10_053)
  })
})
