import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Act, Protocol, SeatTurn } from "../protocol.ts"
import type { Reading } from "../transcript.ts"
import { type Abstraction, features, voteBucket } from "./abstraction.ts"
import { type DialogueState, pendingOf, votesOn } from "./parts/index.ts"
import { proposeReview, single } from "./propose-review.ts"

const task = { id: "t", question: "What is 2 + 3?", gold: "5" }
const agents = ["ann", "bob"]

const proposal = (answer: string): Act => ({
  action: "propose",
  utterance: { text: answer, reading: { kind: "proposal", answer: { text: answer, canonical: answer } } }
})
const unparsed: Act = {
  action: "propose",
  utterance: { text: "?", reading: { kind: "unreadable", expected: "proposal", reason: "no number" } }
}
const verdict = (value: "right" | "wrong"): Act => ({
  action: "review",
  utterance: { text: value, reading: { kind: "verdict", verdict: value } }
})
const mumble: Act = {
  action: "review",
  utterance: { text: "hm", reading: { kind: "unreadable", expected: "verdict", reason: "no verdict" } }
}
const keep: Act = { action: "keep" }
const skip: Act = { action: "skip" }

/** Plays acts from the start, and notes the information state of each turn as it comes. */
const playActs = (protocol: Protocol<DialogueState>, acts: ReadonlyArray<Act>, episode = 0) => {
  let state = protocol.start(task, episode)
  const infos: Array<string> = []
  for (const act of acts) {
    const turn = seatTurn(protocol, state)
    infos.push(protocol.observe(state, turn))
    state = protocol.apply(state, turn, act)
  }
  return { state, infos }
}
const seatTurn = (protocol: Protocol<DialogueState>, state: DialogueState): SeatTurn => {
  const turn = protocol.turn(state)
  if (turn?.kind !== "seat") throw new Error("the dialogue is over")
  return turn
}
const actionNames = (turn: SeatTurn) => turn.actions.map((action) => action.name)

describe("proposeReview", () => {
  it("plays proposal, WRONG, new proposal, RIGHT, keep", () => {
    const protocol = proposeReview({ agents })
    const acts = [proposal("4"), verdict("wrong"), proposal("5"), verdict("right"), keep]
    const { state, infos } = playActs(protocol, acts)
    expect(infos).toEqual([
      "vote=none round=open",
      "vote=0 round=open",
      "vote=-1 round=open",
      "vote=0 round=last",
      "vote=+1 round=last"
    ])
    expect(protocol.turn(state)).toBeUndefined()
    expect(protocol.answer(state)?.canonical).toBe("5")
    const { transcript, pending } = protocol.view(state)
    expect(transcript.map(({ round, agent, seat, action }) => [round, agent, seat, action])).toEqual([
      [1, "ann", "proposer", "propose"],
      [2, "bob", "reviewer", "review"],
      [3, "ann", "proposer", "propose"],
      [4, "bob", "reviewer", "review"],
      [5, "ann", "proposer", "keep"]
    ])
    expect(transcript[1]).toMatchObject({ role: "reviewer", text: "wrong" })
    expect(transcript[4]).toEqual({ round: 5, agent: "ann", seat: "proposer", action: "keep" })
    expect(pending?.text).toBe("5")
  })

  it("adds RIGHT, takes WRONG, and ignores silence and unreadable verdicts", () => {
    const protocol = proposeReview({ agents, rounds: 9 })
    const votesAfter = (...acts: ReadonlyArray<Act>) =>
      votesOn(pendingOf(playActs(protocol, [proposal("5"), ...acts]).state.board))
    expect(votesAfter(verdict("right"), keep, verdict("right"))).toBe(2)
    expect(votesAfter(verdict("right"), keep, verdict("wrong"))).toBe(0)
    expect(votesAfter(verdict("wrong"), keep, mumble)).toBe(-1)
    expect(votesAfter(verdict("wrong"), keep, skip)).toBe(-1)
    expect(votesAfter(verdict("wrong"), proposal("6"))).toBe(0)
  })

  it("keeps an unparsed proposal on the table, without an answer, whatever the votes", () => {
    const protocol = proposeReview({ agents })
    const { state, infos } = playActs(protocol, [proposal("5"), skip, unparsed, verdict("right"), keep])
    expect(infos.slice(3)).toEqual(["vote=unparsed round=last", "vote=unparsed round=last"])
    expect(protocol.answer(state)).toBeUndefined()
    expect(protocol.view(state).pending).toEqual({ text: "?", round: 3 })
  })

  it.each([
    [1, ["last"]],
    [3, ["open", "last", "last"]],
    [5, ["open", "open", "open", "last", "last"]],
    [6, ["open", "open", "open", "last", "last", "last"]]
  ])("calls the iteration last when at most one proposal round remains, T = %i", (rounds, expected) => {
    const protocol = proposeReview({ agents, rounds, abstraction: "without-votes" })
    const acts = [proposal("5"), skip, keep, skip, keep, skip].slice(0, rounds)
    const { state, infos } = playActs(protocol, acts)
    expect(infos).toEqual(expected.map((bucket) => `round=${bucket}`))
    expect(protocol.turn(state)).toBeUndefined()
  })

  it("forces round 1 to propose, and falls back to keeping and to reviewing", () => {
    const protocol = proposeReview({ agents })
    const first = seatTurn(protocol, protocol.start(task, 0))
    expect(actionNames(first)).toEqual(["propose"])
    const second = seatTurn(protocol, playActs(protocol, [proposal("5")]).state)
    expect([actionNames(second), second.fallback]).toEqual([["skip", "review"], "review"])
    const third = seatTurn(protocol, playActs(protocol, [proposal("5"), skip]).state)
    expect([actionNames(third), third.fallback]).toEqual([["keep", "propose"], "keep"])
    expect(() => protocol.apply(protocol.start(task, 0), first, keep)).toThrow(/"keep" is not a legal action/)
  })

  it("stops early at a keep, and at nothing else", () => {
    const protocol = proposeReview({ agents, earlyStop: true })
    expect(protocol.turn(playActs(protocol, [proposal("5"), skip]).state)).toBeDefined()
    const { state } = playActs(protocol, [proposal("5"), skip, keep])
    expect(protocol.turn(state)).toBeUndefined()
    expect(protocol.answer(state)?.canonical).toBe("5")
  })

  it("leaves no choice to a team that always speaks", () => {
    const protocol = proposeReview({ agents, alwaysSpeak: true })
    const acts = [proposal("1"), verdict("right"), proposal("2"), verdict("right"), proposal("3")]
    let state = protocol.start(task, 0)
    for (const act of acts) {
      const turn = seatTurn(protocol, state)
      expect(actionNames(turn)).toEqual([act.action])
      expect(turn.fallback).toBe(act.action)
      state = protocol.apply(state, turn, act)
    }
    expect(protocol.answer(state)?.canonical).toBe("3")
  })

  it("drops the reviews without a reviewer, and keeps the proposals' rounds", () => {
    const protocol = proposeReview({ agents, reviewer: false })
    expect(protocol.seats.map((seat) => seat.controller)).toEqual(["ann.proposer"])
    const { state, infos } = playActs(protocol, [proposal("4"), proposal("5"), keep])
    expect(infos).toEqual(["vote=none round=open", "vote=0 round=open", "vote=0 round=last"])
    expect(protocol.view(state).transcript.map((entry) => entry.round)).toEqual([1, 3, 5])
    expect(protocol.turn(state)).toBeUndefined()
  })

  it("lists every seat that an agent can hold", () => {
    const controllers = (options: Parameters<typeof proposeReview>[0]) =>
      proposeReview(options)
        .seats.map((seat) => seat.controller)
        .sort()
    expect(controllers({ agents })).toEqual(["ann.proposer", "bob.reviewer"])
    expect(controllers({ agents, rotation: "rotate" })).toEqual([
      "ann.proposer",
      "ann.reviewer",
      "bob.proposer",
      "bob.reviewer"
    ])
    expect(controllers({ agents: ["a", "b", "c", "d"] })).toHaveLength(8)
  })

  it("rotates by episode when agents are more than two", () => {
    const protocol = proposeReview({ agents: ["a", "b", "c"] })
    const firsts = [0, 1, 2, 3].map((episode) => seatTurn(protocol, protocol.start(task, episode)).seat.agent)
    expect(firsts).toEqual(["a", "b", "c", "a"])
  })

  it("hides what an ablation drops, and takes abstractions of one's own", () => {
    const acts = [proposal("4"), verdict("wrong"), keep]
    const infosOf = (abstraction: Parameters<typeof proposeReview>[0]["abstraction"] & {}) =>
      playActs(proposeReview({ agents, rounds: 3, abstraction }), acts).infos
    expect(infosOf("without-iteration")).toEqual(["vote=none", "vote=0", "vote=-1"])
    expect(infosOf("without-votes")).toEqual(["round=open", "round=last", "round=last"])
    const withAgent: Abstraction = features({ vote: voteBucket, agent: ({ agent }) => agent })
    expect(infosOf(withAgent)).toEqual(["vote=none agent=ann", "vote=0 agent=bob", "vote=-1 agent=ann"])
  })

  it("refuses a team without agents, or with one twice", () => {
    expect(() => proposeReview({ agents: [] })).toThrow(/agents/)
    expect(() => proposeReview({ agents: ["ann", "ann"] })).toThrow(/ann, ann/)
  })

  it("plays one proposal as single", () => {
    const protocol = single({ agents })
    expect(protocol.seats.map((seat) => seat.controller)).toEqual(["ann.proposer"])
    const { state } = playActs(protocol, [proposal("5")])
    expect(protocol.turn(state)).toBeUndefined()
    expect(protocol.answer(state)?.canonical).toBe("5")
  })

  const reading: fc.Arbitrary<Reading> = fc.oneof(
    fc
      .constantFrom("4", "5")
      .map((text): Reading => ({ kind: "proposal", answer: { text, canonical: text } })),
    fc.constantFrom("right", "wrong").map((value): Reading => ({ kind: "verdict", verdict: value })),
    fc.constant<Reading>({ kind: "comment" }),
    fc.constant<Reading>({ kind: "unreadable", expected: "proposal", reason: "none" })
  )
  const options = fc.record({
    agents: fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"), { minLength: 1 }),
    rounds: fc.integer({ min: 1, max: 9 }),
    earlyStop: fc.boolean(),
    rotation: fc.constantFrom("fixed" as const, "rotate" as const),
    reviewer: fc.boolean(),
    alwaysSpeak: fc.boolean()
  })
  const moves = fc.array(fc.record({ choice: fc.nat({ max: 1 }), reading }), { minLength: 9, maxLength: 9 })

  it("ends within T rounds whatever is said, and replays identically", () => {
    fc.assert(
      fc.property(options, moves, fc.nat({ max: 40 }), (given, script, episode) => {
        const play = () => {
          const protocol = proposeReview(given)
          let state = protocol.start(task, episode)
          const trace: Array<unknown> = []
          for (let turn = protocol.turn(state); turn?.kind === "seat"; turn = protocol.turn(state)) {
            const move = script[turn.round - 1]
            const action = turn.actions[Math.min(move?.choice ?? 0, turn.actions.length - 1)]
            if (action === undefined || move === undefined) throw new Error("a turn beyond round T")
            expect(turn.round).toBeLessThanOrEqual(given.rounds)
            expect(protocol.seats).toContainEqual(turn.seat)
            trace.push([turn, protocol.observe(state, turn)])
            const said = action.role === undefined ? {} : { utterance: { text: "x", reading: move.reading } }
            state = protocol.apply(state, turn, { action: action.name, ...said })
          }
          return { trace, state, answer: protocol.answer(state) }
        }
        const first = play()
        expect(first.trace.length).toBeLessThanOrEqual(given.rounds)
        expect(play()).toEqual(first)
      }),
      { numRuns: 100 }
    )
  })
})
