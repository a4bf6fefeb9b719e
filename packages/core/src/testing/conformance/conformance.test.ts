import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import type { Controller, DeliberatingController, RegretController } from "../../controller.ts"
import {
  discountedVerifierCredit,
  leaveOneOutCredit,
  llmJudgeCredit,
  shapleyCredit,
  sharedOutcomeCredit,
  tracerCredit
} from "../../credit/index.ts"
import type { CreditAssigner } from "../../credit.ts"
import type { Policy } from "../../policy.ts"
import { type DialogueState, proposeReview } from "../../protocol/index.ts"
import type { Protocol } from "../../protocol.ts"
import type { Role } from "../../role.ts"
import type { Task } from "../../task.ts"
import {
  type ConformanceCheck,
  controllerConformance,
  creditConformance,
  policyConformance,
  protocolConformance,
  roleConformance
} from "./index.ts"

const task: Task = { id: "t", question: "What is 2 + 3?", gold: "5" }
const agents = ["ann", "bob", "cas"]

/** Grades by the length of what it is asked. */
const grading: Policy = {
  name: "grading",
  generate: ({ prompt }) =>
    Effect.succeed([
      {
        text: `Score: 0.${(prompt.messages.at(-1)?.content.length ?? 0) % 10}`,
        usage: { prompt: 1, completion: 1 },
        finish: "stop"
      }
    ])
}

/** The names of the requirements that are not met. */
const unmet = async (checks: ReadonlyArray<ConformanceCheck>): Promise<ReadonlyArray<string>> => {
  const names: Array<string> = []
  for (const { name, check } of checks) {
    await check().catch(() => names.push(name))
  }
  return names
}

describe("core's own plug-ins", () => {
  for (const [title, protocol] of [
    ["propose-review", proposeReview({ agents })],
    ["propose-review with early stop", proposeReview({ agents, earlyStop: true, rounds: 7 })],
    ["propose-review that always speaks", proposeReview({ agents, alwaysSpeak: true })]
  ] as const) {
    describe(title, () => {
      for (const { name, check } of protocolConformance(protocol, [task])) it(name, check)
    })
  }
  for (const [title, credit] of [
    ["TRACER's credit by continuation values", tracerCredit()],
    ["TRACER's credit by one-step values", tracerCredit({ values: "oneStep", balanced: false })],
    ["credit by leave-one-out", leaveOneOutCredit()],
    ["credit by Shapley value", shapleyCredit()],
    ["credit by shared outcome", sharedOutcomeCredit()],
    ["credit by truth, discounted", discountedVerifierCredit()],
    ["credit by verdicts, discounted", discountedVerifierCredit({ verifier: "verdicts" })],
    ["credit by a judge", llmJudgeCredit(grading, { policy: "grading" })]
  ] as const) {
    describe(title, () => {
      for (const { name, check } of creditConformance(credit)) it(name, check)
    })
  }
})

describe("what breaks its interface is found", () => {
  it("a protocol that changes its states, never ends and repeats itself differently", async () => {
    const sound = proposeReview({ agents })
    const endless: Protocol<DialogueState> = {
      ...sound,
      apply: (state, turn, act) => ({ ...sound.apply(state, turn, act), at: 0 })
    }
    expect(await unmet(protocolConformance(endless, [task], { plays: 2, maxTurns: 40 }))).toContain(
      "every play ends"
    )
    const mutating: Protocol<{ n: number }> = {
      name: "mutating",
      seats: [{ name: "s", agent: "a", controller: "c" }],
      start: () => ({ n: 0 }),
      turn: ({ n }) =>
        n > 2
          ? undefined
          : {
              kind: "seat",
              round: n + 1,
              seat: { name: "s", agent: "a", controller: "c" },
              actions: [{ name: "go" }, { name: "stop" }],
              fallback: "wait"
            },
      observe: () => "s",
      view: () => ({ task, transcript: [] }),
      apply: (state) => {
        state.n++
        return state
      },
      answer: () => undefined
    }
    expect(await unmet(protocolConformance(mutating, [task]))).toEqual([
      "turns offer actions of different names, one of which is the fallback, to a seat that is listed",
      "states are immutable: looking at one and moving on from it change nothing in it"
    ])
  })

  it("a protocol that changes what JSON does not show of its states", async () => {
    const seat = { name: "s", agent: "a", controller: "c" }
    const actions = [{ name: "go" }, { name: "stop" }]
    const hidden: Protocol<{ readonly taken: Map<number, string>; readonly n: number }> = {
      name: "hidden",
      seats: [seat],
      start: () => ({ taken: new Map(), n: 0 }),
      turn: ({ n }) => (n > 3 ? undefined : { kind: "seat", round: n + 1, seat, actions, fallback: "go" }),
      observe: ({ taken }) => `${taken.get(1) ?? "nothing"} ${taken.size}`,
      view: () => ({ task, transcript: [] }),
      apply: ({ taken, n }, _, { action }) => ({ taken: taken.set(n, action), n: n + 1 }),
      answer: () => undefined
    }
    expect(await unmet(protocolConformance(hidden, [task]))).toEqual([
      "states are immutable: looking at one and moving on from it change nothing in it"
    ])
  })

  it("a protocol whose turns taken together hear each other, and share a number", async () => {
    const seat = { name: "s", agent: "a", controller: "c" }
    const action = { name: "go", role: "proposer" }
    const turn = (round: number) =>
      ({ kind: "seat", round, seat, actions: [action], fallback: "go" }) as const
    const overheard: Protocol<{ readonly said: ReadonlyArray<string> }> = {
      name: "overheard",
      seats: [seat],
      roles: ["proposer"],
      start: () => ({ said: [] }),
      turn: ({ said }) => (said.length < 2 ? turn(1) : undefined),
      together: ({ said }) => [turn(1), turn(1)].slice(said.length),
      observe: ({ said }) => `heard ${said.length}`,
      view: () => ({ task, transcript: [] }),
      apply: ({ said }, _, { action }) => ({ said: [...said, action] }),
      answer: () => undefined
    }
    expect(await unmet(protocolConformance(overheard, [task]))).toEqual([
      "every turn of a play has a number of its own",
      "of turns taken together the first is the current one, and none hears of the others"
    ])
  })

  it("a protocol that keeps a role to itself", async () => {
    const silent = { ...proposeReview({ agents }), roles: ["proposer"] }
    expect(await unmet(protocolConformance(silent, [task]))).toEqual([
      "actions speak through roles that are listed"
    ])
  })

  it("a controller that is not a distribution, and forgets its fallback", async () => {
    const broken: Controller = {
      name: "broken",
      strategy: (_, { names }) => names.map(() => 0.6),
      update: () => {},
      snapshot: () => ({ kind: "broken", version: 1, state: { regret: -0 } })
    }
    expect(await unmet(controllerConformance(() => broken))).toEqual([
      "strategies are probabilities of the legal actions, before and after learning",
      "the average strategy of a state never seen is the fallback",
      "an action that is always best is learned",
      "a snapshot is JSON, and its numbers come back exactly"
    ])
  })

  it("a controller whose regret is beyond what it says that it can be", async () => {
    const boastful = (averageRegret: number, bound: number): RegretController => ({
      name: "boastful",
      strategy: (_, { names }) => names.map(() => 1 / names.length),
      update: () => {},
      snapshot: () => ({ kind: "boastful", version: 1, state: {} }),
      regret: () => [
        {
          ...{ info: "binary", actions: ["skip", "speak"], average: [0.5, 0.5], visits: 1 },
          ...{ averageRegret, bound, invariantHolds: true }
        }
      ]
    })
    const broken = ["the regret that it measures is within its bound wherever it was taught"]
    for (const [regret, bound] of [
      [2, 1],
      [Number.NaN, 1],
      [0, Number.POSITIVE_INFINITY]
    ] as const) {
      expect(await unmet(controllerConformance(() => boastful(regret, bound), { learns: false }))).toEqual(
        broken
      )
    }
    expect(await unmet(controllerConformance(() => boastful(1, 1), { learns: false }))).toEqual([])
  })

  it("a controller that decides at random, and forgets what it heard", async () => {
    let thoughts = 0
    const make = (): DeliberatingController => {
      let heard = 0
      return {
        name: "broken",
        strategy: (_, { names }) => names.map((_name, a) => (a === 0 ? 1 : 0)),
        update: () => {},
        witness: () => {
          heard++
        },
        deliberate: () => Effect.succeed({ strategy: [1, 0], usage: { prompt: thoughts++, completion: 1 } }),
        snapshot: () => ({ kind: "broken", version: 1, state: { heard } })
      }
    }
    expect(await unmet(controllerConformance(make, { learns: false, restore: make }))).toEqual([
      "thinking gives probabilities and counts tokens, and is a function of what is asked",
      "a restored controller goes on as if it had never stopped"
    ])
  })

  it("a role that throws", async () => {
    const broken: Role = {
      name: "broken",
      prompt: () => ({ messages: [] }),
      read: (_, text) => {
        if (text === "") throw new Error("nothing to read")
        return { kind: "comment" }
      }
    }
    expect(await unmet(roleConformance(broken))).toEqual([
      "every view gives a prompt with something in it",
      "reading never throws, and is a function of view and text",
      "readings are of a known kind, scores from 0 to 1, and choices among the options"
    ])
  })

  it("a policy that gives too few completions, another each time", async () => {
    let calls = 0
    const broken: Policy = {
      name: "broken",
      repeatable: true,
      generate: () =>
        Effect.sync(() => [
          { text: String(calls++), usage: { prompt: -1, completion: 1 }, finish: "stop" as const }
        ])
    }
    const request = {
      prompt: { messages: [{ role: "user" as const, content: "?" }] },
      samples: 1,
      sampling: { temperature: 1, maxTokens: 10 },
      seed: 1,
      agent: "ann",
      role: "proposer",
      view: { task, transcript: [] }
    }
    expect(await unmet(policyConformance(broken, request))).toHaveLength(6)
  })

  it("a credit assigner that leaves out an action and an utterance", async () => {
    const broken = {
      name: "broken",
      decision: () => Effect.succeed([1]),
      utterances: () => Effect.succeed([{ rewards: [Number.NaN], weight: 1 }])
    }
    expect(await unmet(creditConformance(broken))).toHaveLength(3)
  })

  it("a credit assigner whose rewards by token leave out an utterance", async () => {
    const broken: CreditAssigner = {
      name: "broken",
      decision: ({ legal: { names } }) => Effect.succeed(names.map(() => 0)),
      utterances: (groups) =>
        Effect.succeed(
          groups.map(({ utterances }) => ({
            rewards: utterances.map(() => 0),
            tokenRewards: utterances.slice(1).map(() => [0]),
            weight: 1
          }))
        )
    }
    expect(await unmet(creditConformance(broken))).toEqual([
      "credits every utterance of every group, in order"
    ])
  })
})
