import { describe, expect, it } from "@effect/vitest"
import {
  type Protocol,
  playEpisode,
  type Reading,
  type SeatTurn,
  seedKey,
  type TracerEvent,
  type View
} from "@tracer-sdk/core"
import { Deferred, Effect } from "effect"
import { always, duel, talker, task, teachable } from "./duel.ts"

const evaluation = { mode: "evaluate", strategy: "average", selection: "sample" } as const

interface State {
  readonly said: ReadonlyArray<{ readonly text: string; readonly reading: Reading }>
}

const seats = ["ada", "bob"].map((agent) => ({ name: "proposer", agent, controller: `${agent}.proposer` }))
const turns = seats.map(
  (seat, i): SeatTurn => ({
    ...{ kind: "seat", round: i + 1, seat, fallback: "propose" },
    actions: [{ name: "propose", role: "proposer" }]
  })
)
const deaf: View = { task, transcript: [] }

/** Both propose without hearing each other; the last answer counts. */
const apart: Protocol<State> = {
  name: "apart",
  seats,
  roles: ["proposer"],
  start: () => ({ said: [] }),
  turn: ({ said }) => turns[said.length],
  observe: () => "alone",
  view: () => deaf,
  apply: ({ said }, _, { utterance }) => ({ said: utterance === undefined ? said : [...said, utterance] }),
  answer: ({ said }) => {
    const reading = said.at(-1)?.reading
    return reading?.kind === "proposal" ? reading.answer : undefined
  }
}
const together: Protocol<State> = { ...apart, together: ({ said }) => turns.slice(said.length) }

describe("turns taken together", () => {
  it.effect("ask their models at the same time", () =>
    Effect.gen(function* () {
      const bobAsked = yield* Deferred.make<void>()
      // Ada answers only once Bob has been asked, too: one after the other would wait for ever.
      const ada = talker(
        () => "yes",
        (answers) => Effect.as(Deferred.await(bobAsked), answers)
      )
      const bob = talker(
        () => "yes",
        (answers) => Effect.as(Deferred.succeed(bobAsked, undefined), answers)
      )
      const policies = new Map([
        ["ada", ada],
        ["bob", bob]
      ])
      const game = { ...duel({ policy: ada }), policies, protocol: together }
      expect(yield* playEpisode(game, task, 0, seedKey(1), evaluation)).toMatchObject({
        ...{ correct: true, calls: 2 }
      })
    })
  )

  it.effect("come to what they would one after the other, and are told in their order", () =>
    Effect.gen(function* () {
      const play = (protocol: Protocol<State>) => {
        const events: Array<TracerEvent> = []
        const policy = talker(({ agent, seed }) => (agent === "ada" ? `a${seed}` : `b${seed}`))
        const emit = (event: TracerEvent) => events.push(event)
        const game = { ...duel({ policy }), protocol }
        return Effect.map(playEpisode(game, task, 0, seedKey(1), { ...evaluation, emit }), (episode) => ({
          answer: episode.answer,
          spoken: events.filter(({ type }) => type === "utterance"),
          order: events.map((event) => `${event.type}${"round" in event ? ` ${event.round}` : ""}`)
        }))
      }
      const alone = yield* play(apart)
      const both = yield* play(together)
      expect(both.answer).toEqual(alone.answer)
      expect(both.spoken).toEqual(alone.spoken)
      expect(both.order).toEqual([
        ...["episode-start", "turn-start 1", "turn-start 2", "utterance 1", "utterance 2", "episode-end"]
      ])
    })
  )
})

describe("a controller that has to ask", () => {
  it.effect("is asked in place of its strategy, and what it spends counts as the dialogue's", () =>
    Effect.gen(function* () {
      const bob = {
        ...teachable(always("skip")),
        deliberate: () => Effect.succeed({ strategy: [0, 1], usage: { prompt: 40, completion: 2 } })
      }
      const game = duel({
        rounds: 2,
        policy: talker(({ role }) => (role === "proposer" ? "yes" : "right")),
        bob
      })
      const episode = yield* playEpisode(game, task, 0, seedKey(1), evaluation)
      expect(episode.transcript.map(({ action }) => action)).toEqual(["propose", "review"])
      // Two utterances of 10 and 5 tokens, and the deliberation.
      expect(episode).toMatchObject({ calls: 3, promptTokens: 60, completionTokens: 12 })
    })
  )
})
