import { describe, expect, it } from "@effect/vitest"
import { type Episode, notableDialogues, playEpisode, seedKey } from "@tracer-sdk/core"
import { Effect } from "effect"
import { duel, talker, task, teachable, wordGrader } from "./duel.ts"

/** Proposes `first`, and `second` where a review objected; the review objects to everything. */
const objecting = (first: string, second: string) =>
  duel({
    rounds: 3,
    policy: talker(({ role, view }) =>
      role === "reviewer" ? "wrong" : view.pending === undefined ? first : second
    ),
    ada: teachable((info, actions) =>
      actions.map((action) => (action === (info.startsWith("vote=-1") ? "propose" : "keep") ? 1 : 0))
    )
  })

const play = (first: string, second: string, number = 0): Effect.Effect<Episode> =>
  Effect.orDie(
    playEpisode(objecting(first, second), task, number, seedKey(1), {
      mode: "evaluate",
      strategy: "average",
      selection: "sample"
    })
  )

const find = (episodes: ReadonlyArray<Episode>, how: "frozen" | "anew") =>
  notableDialogues(episodes, () => wordGrader, how)

describe("notableDialogues", () => {
  it.effect("tells the dialogue that talking helped, and the one that it hurt, turn by turn", () =>
    Effect.gen(function* () {
      const episodes = [
        yield* play("yes", "yes", 0),
        yield* play("no", "yes", 1),
        yield* play("no", "yes", 2),
        yield* play("yes", "no", 3)
      ]
      const [best, worst, ...others] = yield* find(episodes, "anew")
      expect(others).toEqual([])
      expect(best).toMatchObject({ kind: "best", gold: "yes", answer: "yes", correct: true })
      expect(best?.turns.map(({ agent, text, reading }) => [agent, text, reading])).toEqual([
        ["ada", "no", "proposal no"],
        ["bob", "wrong", "verdict wrong"],
        ["ada", "yes", "proposal yes"]
      ])
      // Without its first proposal, without the review or without the second proposal, the answer is not "yes".
      expect(best?.turns.map(({ credit }) => credit)).toEqual([2, 2, 2])
      expect(worst).toMatchObject({ kind: "worst", answer: "no", correct: false })
      // Without its first proposal there is no readable answer in the end, which is as wrong.
      expect(worst?.turns.map(({ credit }) => credit)).toEqual([0, -2, -2])
    })
  )

  it.effect("credits a review with nothing where the others stay with what they said", () =>
    Effect.gen(function* () {
      const [best] = yield* find([yield* play("no", "yes")], "frozen")
      expect(best?.turns.map(({ credit }) => credit)).toEqual([0, 0, 2])
    })
  )

  it.effect("finds nothing where talking changed nothing", () =>
    Effect.gen(function* () {
      expect(yield* find([yield* play("yes", "yes"), yield* play("no", "maybe")], "anew")).toEqual([])
    })
  )
})
