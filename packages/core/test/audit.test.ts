import { describe, expect, it } from "@effect/vitest"
import {
  Audit,
  auditDialogues,
  type Dialogue,
  type GenerateRequest,
  playEpisode,
  seedKey,
  worstTurns
} from "@tracer-sdk/core"
import { Effect, Schema } from "effect"
import { always, duel, talker, task, teachable } from "./duel.ts"

const evaluation = { mode: "evaluate", strategy: "average", selection: "sample" } as const

/** A dialogue of three rounds about task `id`, in which the two say `words`, in their order. */
const spoken = (id: string, words: ReadonlyArray<string>, ada = teachable(always("propose"))) => {
  const say = ({ view }: GenerateRequest) => words[view.transcript.length] ?? ""
  const game = duel({ rounds: 3, policy: talker(say), ada })
  return Effect.map(
    playEpisode(game, { ...task, id }, Number(id), seedKey(1), evaluation),
    ({ dialogue }) => dialogue
  )
}
const several = (...all: ReadonlyArray<Effect.Effect<Dialogue, unknown>>) => Effect.all(all)

describe("an audit", () => {
  it.effect("counts what the dialogues would have come to without each turn and each speaker", () =>
    Effect.gen(function* () {
      const dialogues = yield* several(
        // Corrected, spoilt, right all along, wrong all along.
        spoken("0", ["no", "wrong", "yes"]),
        spoken("1", ["yes", "wrong", "no"]),
        spoken("2", ["yes", "right", "yes"]),
        spoken("3", ["no", "hm", "nope"])
      )
      const { speakers, turns, ...rest } = yield* auditDialogues(dialogues)
      expect(rest).toEqual({ how: "frozen", dialogues: 4 })
      expect(speakers[0]).toMatchObject({
        ...{ agent: "ada", seat: "proposer", role: "proposer" },
        ...{ dialogues: 4, spoke: 8, silent: 0, tokens: 120 },
        // Of eight utterances only the two second ones that changed the end count for something.
        ...{ freeRiding: 6 / 8, helpful: 1, harmful: 1, contradictions: 0 },
        // Her second "yes" of the third dialogue.
        emptyAgreement: 1
      })
      // Without Ada nothing is ever answered: 1, 0, 1, 0, whose mean is 1/2.
      expect(speakers[0]?.contribution.mean).toBe(0.5)
      // Variance 1/3, so half the width is 1.96 sqrt(1/12) = 0.5658.
      expect(speakers[0]?.contribution.low).toBeCloseTo(0.5 - 0.5658, 4)
      expect(speakers[0]?.contribution.high).toBe(1)
      // With his verdicts alone Bob changes nothing: the others say what they said.
      expect(speakers[1]).toEqual({
        ...{
          agent: "bob",
          seat: "reviewer",
          role: "reviewer",
          dialogues: 4,
          spoke: 4,
          silent: 0,
          tokens: 60
        },
        contribution: { mean: 0, low: 0, high: 0 },
        ...{ freeRiding: 1, helpful: 0, harmful: 0, contradictions: 0, emptyAgreement: 1 }
      })
      expect(turns.map(({ effect }) => effect)).toEqual([0, 0, 2, 0, 0, -2, 0, 0, 0, 0, 0, 0])
      expect(turns[2]).toEqual({
        ...{ episode: 0, task: "0", round: 3, agent: "ada", seat: "proposer", role: "proposer", text: "yes" },
        ...{ reading: "proposal yes", tokens: 15, correct: true, correctWithout: false, effect: 2 },
        emptyAgreement: false
      })
    })
  )

  it.effect("anew, counts what a verdict brings about", () =>
    Effect.gen(function* () {
      const ada = teachable((info, actions) =>
        actions.map((name) => ((name === "propose") === info.startsWith("vote=-1") ? 1 : 0))
      )
      const dialogues = yield* several(
        spoken("0", ["no", "wrong", "yes"], ada),
        spoken("1", ["yes", "wrong", "no"], ada),
        spoken("2", ["yes", "right"], ada)
      )
      const frozen = yield* auditDialogues(dialogues)
      expect(frozen.speakers.map(({ freeRiding }) => freeRiding)[1]).toBe(1)
      const { speakers, turns } = yield* auditDialogues(dialogues, { how: "anew" })
      expect(speakers[1]).toMatchObject({
        agent: "bob",
        helpful: 1,
        harmful: 1,
        freeRiding: 1 / 3,
        emptyAgreement: 1
      })
      expect(speakers[0]).toMatchObject({ agent: "ada", spoke: 5, silent: 1 })
      // The worst: Ada's and Bob's parts in what was spoilt, then Bob's agreement in a dialogue that was right anyway.
      expect(worstTurns(turns, 3).map(({ episode, round, agent }) => [episode, round, agent])).toEqual([
        [1, 2, "bob"],
        [1, 3, "ada"],
        [2, 2, "bob"]
      ])
      expect(worstTurns(turns, 1)).toHaveLength(1)
    })
  )

  it.effect("does not miss who never spoke, and says that it was silent", () =>
    Effect.gen(function* () {
      const game = duel({ rounds: 4, policy: talker(() => "yes"), bob: teachable(always("skip")) })
      const { dialogue } = yield* playEpisode(game, task, 0, seedKey(1), evaluation)
      for (const how of ["frozen", "anew"] as const) {
        const { speakers } = yield* auditDialogues([dialogue], { how })
        expect(speakers[1]).toMatchObject({ agent: "bob", spoke: 0, silent: 2, tokens: 0, freeRiding: 0 })
        expect(speakers[1]?.contribution.mean).toBe(0)
      }
    })
  )

  it.effect("finds verdicts against their own reasons", () =>
    Effect.gen(function* () {
      const words = ["yes", "the answer is correct. wrong", "yes"]
      const game = duel({
        rounds: 3,
        ada: teachable(always("propose")),
        policy: talker(({ view }) => words[view.transcript.length] ?? "")
      })
      const reviewer = game.roles.get("reviewer")
      const lastWord = {
        name: "reviewer",
        prompt: reviewer?.prompt ?? (() => ({ messages: [] })),
        read: () => ({ kind: "verdict", verdict: "wrong" }) as const
      }
      const roles = new Map([...game.roles, ["reviewer", lastWord]])
      const { dialogue } = yield* playEpisode({ ...game, roles }, task, 0, seedKey(1), evaluation)
      const { speakers, turns } = yield* auditDialogues([dialogue])
      expect(speakers[1]?.contradictions).toBe(1)
      expect(turns[1]?.contradiction).toEqual({
        ...{ says: "right", from: "statement", quote: "the answer is correct." }
      })
      expect(worstTurns(turns, 5)[0]?.round).toBe(2)
    })
  )

  it.effect("is plain JSON, of no dialogue, too", () =>
    Effect.gen(function* () {
      const audit = yield* auditDialogues([yield* spoken("0", ["no", "wrong", "yes"])])
      const text = JSON.stringify(Schema.encodeSync(Audit)(audit))
      expect(Schema.decodeUnknownSync(Schema.fromJsonString(Audit))(text)).toEqual(audit)
      expect(yield* auditDialogues([])).toEqual({ how: "frozen", dialogues: 0, speakers: [], turns: [] })
    })
  )
})
