import { describe, expect, it } from "@effect/vitest"
import {
  bayesianController,
  exp3Controller,
  llmSelector,
  randomController,
  regretMatching,
  thompsonController,
  thresholdController
} from "@tracer-sdk/controllers"
import {
  type Controller,
  evaluate,
  type Game,
  graderFor,
  proposeReview,
  type Seat,
  type Task,
  tracerCredit,
  train
} from "@tracer-sdk/core"
import { proposer, reviewer, type SimulatedPolicyOptions, simulatedPolicy } from "@tracer-sdk/roles"
import { Effect } from "effect"

const tasks = (from: number, count: number): ReadonlyArray<Task> =>
  Array.from({ length: count }, (_, i) => ({
    id: `t${from + i}`,
    question: `What is ${from + i} + 1?`,
    gold: String(from + i + 1)
  }))

const protocol = proposeReview({ agents: ["ann", "bob"] })
const tokenCost = 0.5

/** What a team does on 300 other tasks once it has learned from 1,000, with one kind of controller at both seats. */
const taught = Effect.fnUntraced(function* (make: (seat: Seat) => Controller, skill: SimulatedPolicyOptions) {
  const policy = simulatedPolicy(skill)
  const game: Game<unknown> = {
    protocol,
    roles: new Map([proposer(), reviewer()].map((role) => [role.name, role])),
    controllers: new Map(protocol.seats.map((seat) => [seat.controller, make(seat)])),
    policies: new Map([
      ["ann", policy],
      ["bob", policy]
    ]),
    sampling: () => ({ temperature: 1, maxTokens: 100 }),
    grader: graderFor
  }
  yield* train(game, tasks(0, 1_000), {
    seed: 1,
    credit: tracerCredit({ tokenCost }),
    batchSize: 32,
    epochs: 1,
    concurrency: 64,
    groupSize: 4,
    forkSamples: 4
  })
  const report = yield* evaluate(game, tasks(5_000, 300), {
    ...{ system: "team", seed: 2, strategy: "average", selection: "greedy", concurrency: 64 }
  })
  const { accuracy, calls, promptTokens, completionTokens } = report
  return { game, accuracy: accuracy.mean, calls, tokens: promptTokens + completionTokens }
})

// One proposal takes 260 tokens, as every utterance does.
const coin: SimulatedPolicyOptions = { right: 0.6, rightGivenRight: 0.5, rightGivenWrong: 0.5 }
const good: SimulatedPolicyOptions = { right: 0.6, rightGivenRight: 0.9, rightGivenWrong: 0.1 }

const learners: Readonly<Record<string, (seat: Seat) => Controller>> = {
  "regret matching": () => regretMatching(),
  "DCFR's regret matching": () => regretMatching({ variant: "dcfr" }),
  bayesian: (seat) => bayesianController({ tokenCost }, { seat }),
  thompson: () => thompsonController()
}

for (const [name, make] of Object.entries(learners)) {
  describe(name, () => {
    it.effect("asks nobody again whose word tells nothing", () =>
      Effect.gen(function* () {
        const { tokens } = yield* taught(make, coin)
        expect(tokens).toBeLessThan(1.2 * 260)
      })
    )

    it.effect("listens to a good reviewer", () =>
      Effect.gen(function* () {
        const { accuracy, tokens } = yield* taught(make, good)
        expect(accuracy).toBeGreaterThan(0.75)
        expect(tokens).toBeGreaterThan(2 * 260)
      })
    )
  })
}

describe("exp3", () => {
  // It learns from single values, each as large as its noise: what 260 tokens cost would take it many more tasks to notice.
  it.effect("listens to a good reviewer", () =>
    Effect.gen(function* () {
      const { accuracy } = yield* taught(() => exp3Controller(), good)
      expect(accuracy).toBeGreaterThan(0.75)
    })
  )
})

describe("regret matching by outcome sampling", () => {
  it.effect("listens to a good reviewer, too", () =>
    Effect.gen(function* () {
      const { accuracy } = yield* taught(() => regretMatching({ sampling: "outcome" }), good)
      expect(accuracy).toBeGreaterThan(0.75)
    })
  )
})

describe("a model that decides", () => {
  it.effect("is asked at every choice, and its tokens count", () =>
    Effect.gen(function* () {
      // Of two options a simulated selector names either: four choices of 260 tokens each, half of which speak.
      const policies = new Map(["ann", "bob"].map((agent) => [agent, simulatedPolicy(good)]))
      const { tokens, calls } = yield* taught((seat) => llmSelector({}, { seat, policies }), good)
      expect(calls).toBeGreaterThan(5 + 2 * 0.8)
      expect(calls).toBeLessThan(5 + 2 * 1.2)
      expect(tokens).toBeCloseTo(calls * 260, 6)
    })
  )
})

describe("stated strategies", () => {
  it.effect("gain by a good reviewer, and pay a bad one all the same", () =>
    Effect.gen(function* () {
      const rule = (seat: Seat) => thresholdController(seat.name === "reviewer" ? { below: 1 } : { below: 0 })
      const listening = yield* taught(rule, good)
      expect(listening.accuracy).toBeGreaterThan(0.75)
      const paying = yield* taught(rule, coin)
      expect(paying.accuracy).toBeLessThan(0.7)
      expect(paying.tokens).toBeGreaterThan(2 * 260)
      const careless = yield* taught(randomController, good)
      expect(careless.accuracy).toBeLessThan(listening.accuracy)
    })
  )
})

describe("what a Bayesian controller has counted", () => {
  it.effect("comes near the skill that the models were given", () =>
    Effect.gen(function* () {
      const { game } = yield* taught((seat) => bayesianController({ tokenCost }, { seat }), good)
      const controllers = [...game.controllers.values()]
      const [one, other] = controllers.map((controller) => controller.snapshot())
      expect(other).toEqual(one)
      const { state } = JSON.parse(JSON.stringify(one))
      const share = ({ right, wrong }: { right: number; wrong: number }) => right / (right + wrong)
      expect(share(state.proposers[0].first)).toBeCloseTo(0.6, 1)
      expect(state.proposers[0].first.right + state.proposers[0].first.wrong).toBe(1_000)
      const [bob] = state.reviewers
      expect(bob.agent).toBe("bob")
      expect(share(bob.ofRight)).toBeCloseTo(0.9, 1)
      expect(share(bob.ofWrong)).toBeCloseTo(0.1, 1)
      // Simulated models err in one way only: whoever is wrong again repeats itself.
      expect(state.proposers[0].afterWrong).toMatchObject({ wrong: 0, unreadable: 0 })
      expect(state.speech).toContainEqual(expect.objectContaining({ agent: "bob", kind: "judgement" }))
    })
  )
})
