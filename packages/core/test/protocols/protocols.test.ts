import { describe, expect, it } from "@effect/vitest"
import {
  agentVote,
  bestOfN,
  debate,
  numericGrader,
  type Protocol,
  proposeReviewRefine,
  selectedSpeaker,
  selfConsistency
} from "@tracer-sdk/core"
import { protocolConformance } from "@tracer-sdk/core/testing"
import { Effect } from "effect"
import { hold, task } from "./hold-dialogue.ts"

const agents = ["ann", "bob"]

describe("self-consistency", () => {
  it.effect(
    "takes the answer that comes most often, as the grader counts it, and asks nobody who hears another",
    () =>
      Effect.gen(function* () {
        const alone = (say: string) => ({ agent: "ann", asked: "pending none; heard ;", say })
        const script = ["4", "5.0", "$5", "?", "4", "5"].map(alone)
        const { answer, turns } = yield* hold(selfConsistency({ agents, samples: 6 }), script)
        expect(answer).toBe("5")
        expect(turns[0]).toBe("1 ann.proposer 4")
        expect(turns).toHaveLength(6)
      })
  )

  it.effect("gives a tie to the answer that came first, and has none where none can be read", () =>
    Effect.gen(function* () {
      const answerOf = (...script: ReadonlyArray<string>) =>
        Effect.map(hold(selfConsistency({ agents, samples: script.length }), script), ({ answer }) => answer)
      expect(yield* answerOf("?", "4", "5", "5", "4")).toBe("4")
      expect(yield* answerOf("?", "?", "?")).toBeUndefined()
      expect(yield* answerOf("4")).toBe("4")
    })
  )

  it.effect("counts with a grader of one's own", () =>
    Effect.gen(function* () {
      const parity = (canonical: string) => Number(canonical) % 2
      const grader = () => ({
        ...numericGrader,
        equal: (a: { canonical: string }, b: { canonical: string }) =>
          parity(a.canonical) === parity(b.canonical)
      })
      const protocol = selfConsistency({ agents, samples: 5, grader })
      expect((yield* hold(protocol, ["4", "4", "5", "7", "9"])).answer).toBe("5")
    })
  )
})

describe("vote", () => {
  const team = ["ann", "bob", "cem"]

  it.effect("takes the majority of the agents' answers, and the first agent's in a tie", () =>
    Effect.gen(function* () {
      const { answer, turns } = yield* hold(agentVote({ agents: team }), ["4", "5", "5"])
      expect(answer).toBe("5")
      expect(turns).toEqual(["1 ann.proposer 4", "2 bob.proposer 5", "3 cem.proposer 5"])
      expect((yield* hold(agentVote({ agents: team }), ["4", "5", "6"])).answer).toBe("4")
      expect((yield* hold(agentVote({ agents: ["ann"] }), ["4"])).answer).toBe("4")
    })
  )

  it.effect("weighs the agents", () =>
    Effect.gen(function* () {
      const weights = { ann: 2.5 }
      expect((yield* hold(agentVote({ agents: team, weights }), ["4", "5", "5"])).answer).toBe("4")
      // Two answers of each, and one agent that counts nothing: 0.5 for 4, 2 for 5, 0 for 6.
      const silenced = agentVote({ agents: team, samples: 2, weights: { ann: 0.5, cem: 0 } })
      expect((yield* hold(silenced, ["4", "?", "5", "5", "6", "6"])).answer).toBe("5")
    })
  )

  it.effect(
    "weighs the answers by a verifier's judgements, and asks it only where there is something to choose",
    () =>
      Effect.gen(function* () {
        const protocol = agentVote({ agents: team, samples: 2, verifier: "cem" })
        // 4 counts 0.9, 5 counts 0.3 + 0.5 (unjudged), and ? is not judged.
        const judge = (pending: string, say: string) => ({
          agent: "cem",
          role: "verifier",
          asked: `pending ${pending};`,
          say
        })
        const first = yield* hold(protocol, [
          "4",
          "5",
          "?",
          "5",
          judge("4", "0.9!"),
          judge("5", "0.3!"),
          judge("5", "hm")
        ])
        expect(first.answer).toBe("4")
        expect(first.turns.slice(4)).toEqual([
          "5 cem.verifier 0.9!",
          "6 cem.verifier 0.3!",
          "8 cem.verifier hm"
        ])
        expect(first.about.slice(4)).toEqual([1, 2, 4])
        // By verdicts: 4 counts 0, 5 counts 1 + 1.
        const second = yield* hold(protocol, ["4", "5", "?", "5", "WRONG", "RIGHT", "RIGHT"])
        expect(second.answer).toBe("5")
        expect((yield* hold(agentVote({ agents, verifier: "bob" }), ["4"])).answer).toBe("4")
        expect((yield* hold(agentVote({ agents: ["ann"], verifier: "ann" }), ["4"])).answer).toBe("4")
      })
  )

  it("says what is wrong with its options", () => {
    expect(() => agentVote({ agents, weights: { dan: 1 } })).toThrow(
      /protocol.weights.dan: there is no agent "dan"/
    )
    expect(() => agentVote({ agents, weights: { ann: 0, bob: 0 } })).toThrow(/no agent's answer counts/)
    expect(() => agentVote({ agents, verifier: "dan" })).toThrow(/protocol.verifier/)
    expect(() => agentVote({ agents: [] })).toThrow(/agents: vote was given \[\]/)
  })
})

describe("best-of-n", () => {
  it.effect("takes the answer with the highest mean score, and the first of several alike", () =>
    Effect.gen(function* () {
      const protocol = bestOfN({ agents, samples: 3, judgements: 2 })
      const script = ["4", "5", "6", "0.2!", "RIGHT", "0.7!", "0.7!", "WRONG", "1!"]
      const { answer, turns, about } = yield* hold(protocol, script)
      // Means 0.6, 0.7 and 0.5.
      expect(answer).toBe("5")
      expect(turns.slice(3)).toEqual([
        "4 bob.verifier 0.2!",
        "5 bob.verifier RIGHT",
        "6 bob.verifier 0.7!",
        "7 bob.verifier 0.7!",
        "8 bob.verifier WRONG",
        "9 bob.verifier 1!"
      ])
      expect(about.slice(3)).toEqual([1, 1, 2, 2, 3, 3])
      const single = bestOfN({ agents, samples: 3 })
      expect((yield* hold(single, ["4", "5", "6", "0.5!", "0.8!", "0.8!"])).answer).toBe("5")
    })
  )

  it.effect(
    "counts an answer without a readable judgement as 1/2, and never takes one that cannot be read",
    () =>
      Effect.gen(function* () {
        const protocol = bestOfN({ agents: ["ann", "bob", "cem"], samples: 3 })
        const first = yield* hold(protocol, ["4", "?", "5", "0.4!", "hm"])
        expect(first.answer).toBe("5")
        // The verifiers take turns, whoever is left out.
        expect(first.turns.slice(3)).toEqual(["4 bob.verifier 0.4!", "6 bob.verifier hm"])
        expect((yield* hold(protocol, ["?", "?", "?"])).answer).toBeUndefined()
        expect((yield* hold(bestOfN({ agents, samples: 1 }), ["4"])).answer).toBe("4")
      })
  )

  it.effect("lets the first agent leave out answers and the others judgements, where it may", () =>
    Effect.gen(function* () {
      const protocol = bestOfN({ agents, samples: 3, alwaysSpeak: false })
      const decide = { "bob.verifier agree=2/3": "skip" }
      const { answer, turns, seen } = yield* hold(protocol, ["4", "5", "5", "0.4!"], { decide })
      expect(seen).toEqual([
        ...["ann.proposer vote=none", "ann.proposer vote=none"],
        ...["bob.verifier agree=1/3", "bob.verifier agree=2/3", "bob.verifier agree=2/3"]
      ])
      // 0.4 against 1/2 for what nobody judged.
      expect(answer).toBe("5")
      expect(turns.slice(4)).toEqual(["5 bob.verifier skip", "6 bob.verifier skip"])
      const pass = { "ann.proposer vote=none": "pass" }
      expect((yield* hold(protocol, ["4"], { decide: pass })).turns).toEqual([
        "1 ann.proposer 4",
        "2 ann.proposer pass",
        "3 ann.proposer pass"
      ])
    })
  )
})

describe("debate", () => {
  it.effect(
    "answers apart, then with the others' last answers in sight, and takes the majority of the last",
    () =>
      Effect.gen(function* () {
        const asked = (agent: string, sees: string, say: string) => ({
          agent,
          role: "debater",
          asked: sees,
          say
        })
        const { answer, turns } = yield* hold(debate({ agents: ["ann", "bob", "cem"], rounds: 3 }), [
          asked("ann", "pending none; heard ;", "4"),
          asked("bob", "pending none; heard ;", "5"),
          asked("cem", "pending none; heard ;", "6"),
          asked("ann", "pending 4; heard bob 5, cem 6;", "5"),
          asked("bob", "pending 5; heard ann 4, cem 6;", "?"),
          asked("cem", "pending 6; heard ann 4, bob 5;", "6"),
          asked("ann", "pending 5; heard bob ?, cem 6;", "5"),
          asked("bob", "pending ?; heard ann 5, cem 6;", "6"),
          asked("cem", "pending 6; heard ann 5, bob ?;", "6")
        ])
        expect(answer).toBe("6")
        expect(turns[3]).toBe("4 ann.debater 5")
      })
  )

  it.effect(
    "is of two agents and three rounds by default; the first debater's answer is taken in a tie",
    () =>
      Effect.gen(function* () {
        const { answer, turns } = yield* hold(debate({ agents }), ["1", "2", "3", "4", "5", "6"])
        expect(turns).toHaveLength(6)
        expect(answer).toBe("5")
      })
  )

  it.effect("is held by one agent with itself, at one place or several", () =>
    Effect.gen(function* () {
      const pair = debate({ agents: ["ann"], rounds: 2 })
      expect(pair.seats.map(({ name, controller }) => [name, controller])).toEqual([
        ["debater", "ann.debater"],
        ["debater 2", "ann.debater"]
      ])
      const second = { asked: "pending 5; heard ann 4;", say: "5" }
      const { answer } = yield* hold(pair, ["4", "5", { asked: "pending 4; heard ann 5;", say: "5" }, second])
      expect(answer).toBe("5")
      const alone = yield* hold(debate({ agents, debaters: 1, rounds: 2 }), [
        "4",
        { asked: "heard ;", say: "5" }
      ])
      expect(alone).toMatchObject({ answer: "5", turns: ["1 ann.debater 4", "2 ann.debater 5"] })
    })
  )

  it.effect("lets a debater keep its answer, by how many of the others share it, where it may", () =>
    Effect.gen(function* () {
      const protocol = debate({ agents: ["ann", "bob", "cem"], alwaysSpeak: false })
      const decide = {
        "bob.debater agree=0/2 round=open": "propose",
        "bob.debater agree=unparsed round=last": "propose"
      }
      const { answer, seen, turns } = yield* hold(protocol, ["4", "5", "4.0", "?", "5"], { decide })
      expect(seen).toEqual([
        ...[
          "ann.debater agree=1/2 round=open",
          "bob.debater agree=0/2 round=open",
          "cem.debater agree=1/2 round=open"
        ],
        ...[
          "ann.debater agree=1/2 round=last",
          "bob.debater agree=unparsed round=last",
          "cem.debater agree=1/2 round=last"
        ]
      ])
      expect(turns.slice(6)).toEqual(["7 ann.debater keep", "8 bob.debater 5", "9 cem.debater keep"])
      expect(answer).toBe("4")
    })
  )
})

describe("propose-review-refine", () => {
  it.effect("revises the pending answer by the critique of it", () =>
    Effect.gen(function* () {
      const { answer, turns, about } = yield* hold(proposeReviewRefine({ agents, alwaysSpeak: true }), [
        { agent: "ann", role: "proposer", asked: "pending none", say: "4" },
        { agent: "bob", role: "critic", asked: "pending 4;", say: "WRONG" },
        { agent: "ann", role: "refiner", asked: "pending 4; heard ann 4, bob WRONG;", say: "5" },
        { agent: "bob", role: "critic", asked: "pending 5;", say: "hm" },
        { agent: "ann", role: "refiner", asked: "pending 5;", say: "?" }
      ])
      expect(answer).toBeUndefined()
      expect(turns).toEqual([
        "1 ann.proposer 4",
        "2 bob.critic WRONG",
        "3 ann.refiner 5",
        "4 bob.critic hm",
        "5 ann.refiner ?"
      ])
      expect(about).toEqual([undefined, 1, undefined, 3, undefined])
    })
  )

  it.effect(
    "lets the critic skip and the refiner keep, by votes and by what is left, and may stop at a keep",
    () =>
      Effect.gen(function* () {
        const decide = { "ann.refiner vote=-1 round=open": "refine", "bob.critic vote=0 round=last": "skip" }
        const learned = yield* hold(proposeReviewRefine({ agents }), ["4", "WRONG", "5"], { decide })
        expect(learned.seen).toEqual([
          ...["bob.critic vote=0 round=open", "ann.refiner vote=-1 round=open"],
          ...["bob.critic vote=0 round=last", "ann.refiner vote=0 round=last"]
        ])
        expect(learned).toMatchObject({ answer: "5" })
        const early = yield* hold(proposeReviewRefine({ agents, earlyStop: true }), ["4", "RIGHT"])
        expect(early.turns).toEqual(["1 ann.proposer 4", "2 bob.critic RIGHT", "3 ann.refiner keep"])
      })
  )

  it.effect(
    "seats who there is: one alone does everything, a third may refine, further ones criticise in turn",
    () =>
      Effect.gen(function* () {
        const turnsOf = (team: ReadonlyArray<string>, refiner?: string) =>
          Effect.map(
            hold(
              proposeReviewRefine({
                agents: team,
                alwaysSpeak: true,
                ...(refiner === undefined ? {} : { refiner })
              }),
              ["1", "WRONG", "2", "WRONG", "3"]
            ),
            ({ turns }) => turns.map((turn) => turn.split(" ")[1])
          )
        expect(yield* turnsOf(["ann"])).toEqual([
          "ann.proposer",
          "ann.critic",
          "ann.refiner",
          "ann.critic",
          "ann.refiner"
        ])
        expect((yield* turnsOf(["ann", "bob", "cem"])).slice(1)).toEqual([
          "bob.critic",
          "ann.refiner",
          "cem.critic",
          "ann.refiner"
        ])
        expect((yield* turnsOf(["ann", "bob", "cem"], "cem")).slice(1)).toEqual([
          "bob.critic",
          "cem.refiner",
          "bob.critic",
          "cem.refiner"
        ])
        expect((yield* turnsOf(["ann", "bob"], "bob")).slice(1)).toEqual([
          "ann.critic",
          "bob.refiner",
          "ann.critic",
          "bob.refiner"
        ])
        expect((yield* hold(proposeReviewRefine({ agents, rounds: 1 }), ["4"])).answer).toBe("4")
        expect(() => proposeReviewRefine({ agents, refiner: "dan" })).toThrow(
          /protocol.refiner: there is no agent "dan"/
        )
      })
  )
})

describe("selected-speaker", () => {
  it.effect("lets the selector name who speaks next, until it ends the dialogue", () =>
    Effect.gen(function* () {
      const select = (say: string) => ({
        agent: "bob",
        role: "selector",
        asked: "options proposer reviewer end",
        say
      })
      const { answer, turns } = yield* hold(selectedSpeaker({ agents }), [
        { agent: "ann", role: "proposer", say: "4" },
        select("> reviewer"),
        { agent: "bob", role: "reviewer", asked: "pending 4;", say: "WRONG" },
        select("> proposer"),
        { agent: "ann", role: "proposer", say: "5" },
        select("> end")
      ])
      expect(answer).toBe("5")
      expect(turns).toEqual([
        ...[
          "1 ann.proposer 4",
          "2 bob.selector > reviewer",
          "4 bob.reviewer WRONG",
          "5 bob.selector > proposer"
        ],
        ...["6 ann.proposer 5", "8 bob.selector > end"]
      ])
    })
  )

  it.effect(
    "goes on with the next in the list where the choice cannot be read, and ends after its turns",
    () =>
      Effect.gen(function* () {
        const protocol = selectedSpeaker({ agents: ["ann", "bob", "cem"], turns: 4 })
        const { turns } = yield* hold(protocol, ["4", "hm", "RIGHT", "hm", "WRONG", "> nobody", "5"])
        expect(
          turns.filter((turn) => !turn.includes("selector")).map((turn) => turn.split(" ").slice(1).join(" "))
        ).toEqual(["ann.proposer 4", "bob.reviewer bob RIGHT", "cem.reviewer cem WRONG", "ann.proposer 5"])
        expect((yield* hold(selectedSpeaker({ agents, turns: 1 }), ["4"])).answer).toBe("4")
      })
  )

  it.effect("is also decided by a controller without a word, which ends where it has not learned", () =>
    Effect.gen(function* () {
      const speakers = [
        { agent: "ann", role: "proposer" },
        { agent: "bob", role: "refiner", name: "editor" }
      ]
      const protocol = selectedSpeaker({ agents, speakers, select: "controller", selector: "ann", turns: 3 })
      const decide = { "ann.selector vote=0 spoke=proposer round=open": "editor" }
      const { answer, turns, seen } = yield* hold(
        protocol,
        ["4", { agent: "bob", role: "refiner", say: "5" }],
        { decide }
      )
      expect(seen.at(-1)).toBe("ann.selector vote=0 spoke=editor round=last")
      expect(turns).toEqual([
        "1 ann.proposer 4",
        "2 ann.selector editor",
        "4 bob.editor 5",
        "5 ann.selector end"
      ])
      expect(answer).toBe("5")
    })
  )

  it("says what is wrong with its options", () => {
    const speakers = [{ agent: "dan", role: "proposer" }]
    expect(() => selectedSpeaker({ agents, speakers })).toThrow(/protocol.speakers\[0\].agent/)
    const twice = [
      { agent: "ann", role: "proposer", name: "a" },
      { agent: "bob", role: "proposer", name: "a" }
    ]
    expect(() => selectedSpeaker({ agents, speakers: twice })).toThrow(/called \[a, a\]/)
    expect(() => selectedSpeaker({ agents, speakers: [{ agent: "ann", role: "end" }] })).toThrow(
      /called \[end\]/
    )
    expect(() => selectedSpeaker({ agents, selector: "dan" })).toThrow(/protocol.selector/)
  })
})

const team = ["ann", "bob", "cem"]
const conforming: Readonly<Record<string, Protocol<unknown>>> = {
  "self-consistency": selfConsistency({ agents: team, samples: 3 }),
  vote: agentVote({ agents: team, weights: { bob: 0.5 }, verifier: "cem", samples: 2 }),
  "best-of-n": bestOfN({ agents: team, alwaysSpeak: false, judgements: 2 }),
  debate: debate({ agents: team, alwaysSpeak: false }),
  "a debate with oneself": debate({ agents: ["ann"], debaters: 3 }),
  "propose-review-refine": proposeReviewRefine({ agents: team, earlyStop: true }),
  "selected-speaker": selectedSpeaker({ agents: team }),
  "selected-speaker by a controller": selectedSpeaker({ agents: team, select: "controller" })
}
for (const [name, protocol] of Object.entries(conforming)) {
  describe(`${name} conforms`, () => {
    for (const { name: what, check } of protocolConformance(protocol, [task])) it(what, check)
  })
}
