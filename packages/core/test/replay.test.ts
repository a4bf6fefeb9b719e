import { describe, expect, it } from "@effect/vitest"
import {
  type Answer,
  type DeliberatingController,
  type Game,
  type PlayedTurn,
  type PlaySettings,
  type Protocol,
  playEpisode,
  proposeReview,
  type Role,
  type SeatTurn,
  seedKey,
  tracerCredit,
  type View
} from "@tracer-sdk/core"
import { Effect } from "effect"
import fc from "fast-check"
import { always, duel, talker, task, teachable, wordProposer, wordReviewer } from "./duel.ts"

const evaluation: PlaySettings = { mode: "evaluate", strategy: "average", selection: "sample" }

/** The same roles, hearing what was said before. */
const hearing = (role: Role): Role => ({
  ...role,
  prompt: ({ task: { question }, transcript }: View) => ({
    messages: [
      { role: "user", content: [question, ...transcript.flatMap(({ text }) => text ?? [])].join("\n") }
    ]
  })
})
const attentive = (game: Game<unknown>): Game<unknown> => ({
  ...game,
  roles: new Map([
    ["proposer", hearing(wordProposer)],
    ["reviewer", hearing(wordReviewer)]
  ])
})

/** Proposes "no", or "yes" where a verdict of "wrong" is heard; reviews "wrong". */
const corrigible = () =>
  talker(({ role, prompt }) => {
    if (role === "reviewer") return "wrong"
    return prompt.messages[0]?.content.includes("wrong") === true ? "yes" : "no"
  })

const except = (round: number) => (played: PlayedTurn) => played.turn.round !== round
const everything = () => true
const play = (game: Game<unknown>) => playEpisode(game, task, 0, seedKey(1), evaluation)
const talkative = { ada: teachable(always("speak")), bob: teachable(always("speak")) }

const seat = (agent: "ada" | "bob") => {
  const name = agent === "ada" ? "proposer" : "reviewer"
  return { name, agent, controller: `${agent}.${name}` }
}
const speakOrWait = (round: number, agent: "ada" | "bob"): SeatTurn => ({
  kind: "seat",
  ...{ round, seat: seat(agent), fallback: "speak" },
  actions: [{ name: "wait" }, { name: "speak", role: "proposer" }]
})

interface Words {
  readonly moves: ReadonlyArray<string>
  readonly answer: Answer | undefined
}

/** A dialogue whose last proposal is the answer; everybody hears how many moves there were. */
const words = (rules: Pick<Protocol<Words>, "turn" | "together">): Protocol<Words> => ({
  name: "words",
  seats: [seat("ada"), seat("bob")],
  ...rules,
  start: () => ({ moves: [], answer: undefined }),
  observe: () => "always",
  view: ({ moves }) => ({
    task,
    transcript: moves.map((action, i) => ({ ...{ round: i + 1, agent: "", seat: "" }, action, text: action }))
  }),
  apply: ({ moves, answer }, _turn, { action, utterance }) => ({
    moves: [...moves, action],
    answer: utterance?.reading.kind === "proposal" ? utterance.reading.answer : answer
  }),
  answer: ({ answer }) => answer
})

/** Bob has a turn only where Ada was silent. */
const second = words({
  turn: ({ moves }) =>
    moves.length === 0
      ? speakOrWait(1, "ada")
      : moves.length === 1 && moves[0] === "wait"
        ? speakOrWait(2, "bob")
        : undefined
})

/** Ada, then both at once. */
const chorusTurns = [speakOrWait(1, "ada"), speakOrWait(2, "ada"), speakOrWait(3, "bob")]
const chorus: Protocol<Words> = {
  ...words({
    turn: ({ moves }) => chorusTurns[moves.length],
    together: ({ moves }) => (moves.length === 0 ? chorusTurns.slice(0, 1) : chorusTurns.slice(moves.length))
  }),
  // The second of the two does not hear the first.
  view: ({ moves }) => ({
    task,
    transcript: moves
      .slice(0, 1)
      .map((action) => ({ ...{ round: 1, agent: "ada", seat: "proposer" }, action, text: action }))
  })
}

/** A coin decides who speaks: Ada, who is right, or Bob, who is wrong. */
const coin = words({
  turn: ({ moves }) =>
    moves.length === 0
      ? {
          kind: "chance",
          outcomes: [
            { name: "heads", probability: 0.5 },
            { name: "tails", probability: 0.5 }
          ]
        }
      : moves.length === 1
        ? speakOrWait(1, moves[0] === "heads" ? "ada" : "bob")
        : undefined
})

describe("a frozen replay", () => {
  it.effect("leaves the others' words as they were, and asks no model", () =>
    Effect.gen(function* () {
      const policy = corrigible()
      const ada = teachable(always("propose"))
      const { dialogue } = yield* play(attentive(duel({ rounds: 3, policy, ada })))
      const asked = policy.calls()
      expect(dialogue.outcome).toEqual({ correct: true, tokens: 45 })
      // Ada's second proposal stays, whoever is not heard; without it, her first one stands.
      expect(yield* dialogue.replay(except(2), "frozen")).toEqual({ correct: true, tokens: 30 })
      expect(yield* dialogue.replay(except(3), "frozen")).toEqual({ correct: false, tokens: 30 })
      expect(yield* dialogue.replay(except(1), "frozen")).toEqual({ correct: true, tokens: 30 })
      expect(yield* dialogue.replay(() => false, "frozen")).toEqual({ correct: false, tokens: 0 })
      expect(policy.calls()).toBe(asked)
    })
  )

  it.effect("ends where silence ends it, and passes over what then never was", () =>
    Effect.gen(function* () {
      const policy = corrigible()
      const protocol = proposeReview({ agents: ["ada", "bob"], rounds: 5, earlyStop: true })
      const game = attentive(duel({ protocol, policy, ada: teachable(always("propose")) }))
      const { dialogue } = yield* play(game)
      expect(dialogue.turns).toHaveLength(5)
      // Keeping in round 3 stops the dialogue: rounds 1 and 2 are all of it.
      expect(yield* dialogue.replay(except(3), "frozen")).toEqual({ correct: false, tokens: 30 })
    })
  )

  it.effect("does not hear a turn that the record does not hold", () =>
    Effect.gen(function* () {
      const policy = talker(() => "yes")
      const { dialogue } = yield* play(duel({ policy, protocol: second, ...talkative }))
      // Ada spoke, so there was no second turn; unheard, she leaves it to Bob, of whom nothing is recorded.
      expect(dialogue.turns).toHaveLength(1)
      expect(yield* dialogue.replay(except(1), "frozen")).toEqual({ correct: false, tokens: 0 })
    })
  )
})

describe("a replay anew", () => {
  it.effect("asks again exactly those who see something else", () =>
    Effect.gen(function* () {
      const policy = corrigible()
      const ada = teachable(always("propose"))
      const { dialogue } = yield* play(attentive(duel({ rounds: 3, policy, ada })))
      const asked = policy.calls()
      // Without Bob's verdict Ada hears only her own "no", and says it again.
      expect(yield* dialogue.replay(except(2), "anew")).toEqual({ correct: false, tokens: 30 })
      expect(policy.calls()).toBe(asked + 1)
      // Nobody speaks after round 3, and nobody before it sees anything else.
      expect(yield* dialogue.replay(except(3), "anew")).toEqual({ correct: false, tokens: 30 })
      expect(policy.calls()).toBe(asked + 1)
    })
  )

  it.effect("decides again: a controller that waits for a verdict stays silent without one", () =>
    Effect.gen(function* () {
      const ada = teachable((info, actions) =>
        actions.map((name) => ((name === "propose") === info.startsWith("vote=-1") ? 1 : 0))
      )
      const { dialogue } = yield* play(attentive(duel({ rounds: 3, policy: corrigible(), ada })))
      expect(dialogue.outcome).toEqual({ correct: true, tokens: 45 })
      expect(yield* dialogue.replay(except(2), "anew")).toEqual({ correct: false, tokens: 15 })
      expect(yield* dialogue.replay(except(2), "frozen")).toEqual({ correct: true, tokens: 30 })
    })
  )

  it.effect("hears turns that were never taken, of those who are to be heard", () =>
    Effect.gen(function* () {
      const policy = talker(({ agent }) => (agent === "bob" ? "yes" : "no"))
      const { dialogue } = yield* play(duel({ policy, protocol: second, ...talkative }))
      const bobAlone = yield* dialogue.replay(({ turn }) => turn.seat.agent === "bob", "anew")
      expect(bobAlone).toEqual({ correct: true, tokens: 15 })
      expect(yield* dialogue.replay(() => false, "anew")).toEqual({ correct: false, tokens: 0 })
    })
  )

  it.effect("asks those who speak together at the same time", () =>
    Effect.gen(function* () {
      let atOnce = 0
      let most = 0
      const policy = talker(
        () => "yes",
        (said) =>
          Effect.gen(function* () {
            most = Math.max(most, ++atOnce)
            yield* Effect.yieldNow
            atOnce--
            return said
          })
      )
      const { dialogue } = yield* play(attentive(duel({ policy, protocol: chorus, ...talkative })))
      most = 0
      yield* dialogue.replay(except(1), "anew")
      expect(most).toBe(2)
    })
  )
})

describe("deliberation", () => {
  it.effect("counts in every replay, and is not repeated where nothing has changed", () =>
    Effect.gen(function* () {
      let deliberations = 0
      const bob: DeliberatingController = {
        ...teachable(always("review")),
        deliberate: () => {
          deliberations++
          return Effect.succeed({ strategy: [0, 1], usage: { prompt: 40, completion: 2 } })
        }
      }
      const { dialogue } = yield* play(attentive(duel({ rounds: 2, policy: corrigible(), bob })))
      expect(dialogue.outcome.tokens).toBe(72)
      expect(yield* dialogue.replay(everything, "frozen")).toEqual(dialogue.outcome)
      expect(yield* dialogue.replay(everything, "anew")).toEqual(dialogue.outcome)
      expect(deliberations).toBe(1)
      // Without a proposal to look at, Bob thinks again.
      expect((yield* dialogue.replay(except(1), "anew")).tokens).toBe(42 + 15)
      expect(deliberations).toBe(2)
    })
  )
})

describe("with every turn heard", () => {
  it("a replay ends as the dialogue did and asks no model, frozen or anew, in training, too", () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.nat(), fc.boolean(), (rounds, seed, training) => {
        const policy = talker(({ role, seed: draw }, i) => {
          const options = role === "proposer" ? ["yes", "no", "two words"] : ["right", "wrong", "hm"]
          return options[(draw + i) % 3] ?? ""
        })
        const uniform = teachable((_, actions) => actions.map(() => 1 / actions.length))
        const protocol = proposeReview({ agents: ["ada", "bob"], rounds, earlyStop: seed % 2 === 0 })
        const game = attentive(duel({ protocol, policy, ada: uniform, bob: uniform }))
        const { dialogue } = Effect.runSync(
          playEpisode(game, task, seed, seedKey(seed), {
            ...evaluation,
            ...(training
              ? { training: { credit: tracerCredit({ values: "oneStep" }), groupSize: 2, forkSamples: 2 } }
              : {})
          })
        )
        const asked = policy.calls()
        expect(Effect.runSync(dialogue.replay(everything, "frozen"))).toEqual(dialogue.outcome)
        expect(Effect.runSync(dialogue.replay(everything, "anew"))).toEqual(dialogue.outcome)
        expect(policy.calls()).toBe(asked)
      })
    ))
})

describe("chance", () => {
  it.effect("falls in a replay as it fell", () =>
    Effect.gen(function* () {
      const outcomes = new Set<boolean>()
      for (let seed = 0; seed < 16; seed++) {
        const policy = talker(({ agent }) => (agent === "ada" ? "yes" : "no"))
        const game = duel({ policy, protocol: coin, ...talkative })
        const { dialogue } = yield* playEpisode(game, task, 0, seedKey(seed), evaluation)
        outcomes.add(dialogue.outcome.correct)
        expect(yield* dialogue.replay(everything, "frozen")).toEqual(dialogue.outcome)
        expect(yield* dialogue.replay(everything, "anew")).toEqual(dialogue.outcome)
      }
      expect(outcomes).toEqual(new Set([true, false]))
    })
  )
})
