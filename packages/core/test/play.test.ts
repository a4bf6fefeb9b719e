import { describe, expect, it } from "@effect/vitest"
import { playEpisode, seedKey, selectAction, type TracerEvent, tracerCredit } from "@tracer-sdk/core"
import { Effect, Exit } from "effect"
import { always, duel, talker, task, teachable } from "./duel.ts"

const evaluation = { mode: "evaluate", strategy: "average", selection: "sample" } as const

describe("playEpisode", () => {
  it.effect("plays the protocol, counts the dialogue's own calls and tokens, and tells what happened", () =>
    Effect.gen(function* () {
      const events: Array<TracerEvent> = []
      const game = duel({
        rounds: 4,
        policy: talker(({ role }) => (role === "proposer" ? "no" : "wrong"))
      })
      const episode = yield* playEpisode(game, task, 7, seedKey(1), {
        ...evaluation,
        emit: (event) => events.push(event)
      })
      expect(episode.correct).toBe(false)
      expect(episode).toMatchObject({ number: 7, calls: 3, promptTokens: 30, completionTokens: 15 })
      expect(episode.transcript.map(({ action }) => action)).toEqual(["propose", "review", "keep", "review"])
      expect(events.map(({ type }) => type)).toEqual([
        "episode-start",
        "turn-start",
        "utterance",
        "turn-start",
        "utterance",
        "turn-start",
        "turn-skip",
        "turn-start",
        "utterance",
        "episode-end"
      ])
      expect(events[4]).toMatchObject({
        agent: "bob",
        seat: "reviewer",
        text: "wrong",
        reading: "verdict wrong"
      })
      expect(events[5]).toMatchObject({ info: "vote=-1 round=last", strategy: [1, 0] })
    })
  )

  it("is finished at once where the policy answers at once", () => {
    const game = duel({ policy: talker(() => "yes") })
    expect(Exit.isExit(playEpisode(game, task, 0, seedKey(1), evaluation))).toBe(true)
  })

  it.effect("draws with a role's own stop strings, and says so of a group", () =>
    Effect.gen(function* () {
      const stops = new Map<string, unknown>()
      const policy = talker(({ role, sampling }) => {
        stops.set(role, sampling.stop)
        return role === "proposer" ? "no" : "wrong"
      })
      const plain = duel({ rounds: 2, policy })
      const roles = new Map(
        [...plain.roles].map(([name, role]) => [
          name,
          name === "proposer" ? { ...role, stop: () => [".", "\n"] } : role
        ])
      )
      const sampling = () => ({ temperature: 1, maxTokens: 20, stop: ["\n", "Q:"] })
      const { groups } = yield* playEpisode({ ...plain, roles, sampling }, task, 0, seedKey(1), {
        ...evaluation,
        training: { credit: tracerCredit(), groupSize: 2, forkSamples: 1 }
      })
      expect(stops.get("proposer")).toEqual([".", "\n", "Q:"])
      expect(stops.get("reviewer")).toEqual(["\n", "Q:"])
      expect(groups.map((group) => group.sampling.stop)).toEqual([
        [".", "\n", "Q:"],
        ["\n", "Q:"]
      ])
    })
  )

  it.effect("says so where a policy gives too few completions", () =>
    Effect.gen(function* () {
      const game = duel({
        policy: talker(
          () => "yes",
          () => Effect.succeed([])
        )
      })
      const error = yield* Effect.flip(playEpisode(game, task, 0, seedKey(1), evaluation))
      expect(error.message).toContain('Policy "talker" gave 0 completions where 1 were asked for')
    })
  )

  it.effect(
    "values both actions from the frozen state, reusing what was drawn, and never touches the dialogue",
    () =>
      Effect.gen(function* () {
        // Two of four candidates are right; the first, wrong, goes on with the dialogue.
        const policy = talker((_, i) => ["no", "yes", "yes", "no"][i] ?? "no")
        const ada = teachable(always("propose"))
        const game = duel({ rounds: 3, policy, ada, bob: teachable(always("skip")) })
        const episode = yield* playEpisode(game, task, 0, seedKey(1), {
          mode: "train",
          strategy: "current",
          selection: "sample",
          training: { credit: tracerCredit({ tokenCost: 0.1 }), groupSize: 4, forkSamples: 2 }
        })
        expect(episode.correct).toBe(false)
        expect(episode.calls).toBe(2)
        expect(episode.groups.map(({ round, utterances }) => [round, utterances.length])).toEqual([
          [1, 4],
          [3, 4]
        ])
        const last = episode.decisions.find(({ point }) => point.turn.round === 3)
        // keep: the pending answer is wrong and nothing is spent. propose: half are right, 15 tokens each.
        expect(last?.point.legal.names).toEqual(["keep", "propose"])
        expect(last?.values[0]).toBe(-1)
        expect(last?.values[1]).toBeCloseTo(0 - 0.0015, 12)
        // Round 1 and 3 of the dialogue draw once each; the reviewer's fork draws a review and, after either action,
        // Ada's next proposal, twice.
        expect(policy.calls()).toBe(2 + 1 + 2 + 2)
      })
  )

  it.effect("dies of a controller that plays no probabilities, and names it", () =>
    Effect.gen(function* () {
      for (const strategy of [[0.5, 0.6], [Number.NaN, 1], [1], [1.5, -0.5], [0.5, 0.5, 0]]) {
        const game = duel({ rounds: 3, policy: talker(() => "no"), bob: teachable(() => strategy) })
        const exit = yield* Effect.exit(playEpisode(game, task, 0, seedKey(1), evaluation))
        const cause = Exit.isFailure(exit) ? String(exit.cause) : ""
        expect(cause).toContain(`The controller "bob.reviewer" plays [${strategy.join(", ")}] in`)
        expect(cause).toContain("one probability for each of [skip, review], which sum to 1")
      }
    })
  )
})

describe("selectAction", () => {
  const legal = { names: ["keep", "propose"], fallback: "propose" }
  it("is greedy, and goes to the stated default in a tie", () => {
    expect(selectAction([0.6, 0.4], legal, "greedy", 0.9)).toBe(0)
    expect(selectAction([0.5, 0.5], legal, "greedy", 0.1)).toBe(1)
  })
  it("plays no fallback that is less likely than those that tie", () => {
    const three = { names: ["skip", "comment", "answer"], fallback: "skip" }
    expect(selectAction([0, 0.5, 0.5], three, "greedy", 0.9)).toBe(1)
    expect(selectAction([0.3, 0.3, 0.4], three, "greedy", 0.9)).toBe(2)
    expect(selectAction([1 / 3, 1 / 3, 1 / 3], { ...three, fallback: "answer" }, "greedy", 0)).toBe(2)
  })
  it("samples the strategy", () => {
    expect(selectAction([0.6, 0.4], legal, "sample", 0.59)).toBe(0)
    expect(selectAction([0.6, 0.4], legal, "sample", 0.61)).toBe(1)
  })
})
