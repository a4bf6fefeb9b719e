import { expect, it } from "@effect/vitest"
import { regretMatching } from "@tracer-sdk/controllers"
import {
  arithmeticTasks,
  bestOfN,
  type Controller,
  debate,
  evaluate,
  type Game,
  graderFor,
  type Protocol,
  type Role,
  selectedSpeaker,
  tracerCredit,
  train
} from "@tracer-sdk/core"
import { debater, proposer, reviewer, simulatedPolicy, verifier } from "@tracer-sdk/roles"
import { Effect } from "effect"
import { describe } from "vitest"

const skill = { right: 0.6, rightGivenRight: 0.95, rightGivenWrong: 0.1, wrongAnswers: 4 }
const roles = new Map<string, Role>(
  [proposer(), reviewer(), debater(), verifier()].map((role) => [role.name, role])
)

/** Trains one controller for each seat; shares tell how likely an action then is on average, as `agent.seat info action`. */
const learn = <S>(protocol: Protocol<S>, tokenCost: number) =>
  Effect.gen(function* () {
    const controllers = new Map<string, Controller>(
      protocol.seats.map(({ controller }) => [controller, regretMatching()])
    )
    const policy = simulatedPolicy(skill)
    const game: Game<S> = {
      ...{ protocol, roles, controllers, grader: graderFor },
      policies: new Map(protocol.seats.map(({ agent }) => [agent, policy])),
      sampling: () => ({ temperature: 1, maxTokens: 64 })
    }
    const tasks = arithmeticTasks({ split: "test", seed: 1, count: 200 })
    const measure = evaluate(game, tasks, {
      system: "team",
      seed: 2,
      strategy: "average",
      selection: "greedy",
      concurrency: 8
    })
    const before = yield* measure
    yield* train(game, arithmeticTasks({ split: "train", seed: 1, count: 300 }), {
      ...{ seed: 1, credit: tracerCredit({ tokenCost }), batchSize: 25, epochs: 1, concurrency: 8 },
      ...{ groupSize: 1, forkSamples: 2 }
    })
    const after = yield* measure
    const share = (controller: string, info: string, action: string, names: ReadonlyArray<string>) => {
      const fallback = names[0] ?? ""
      const odds = controllers.get(controller)?.strategy(info, { names, fallback }, "average")
      return odds?.[names.indexOf(action)]
    }
    return { before, after, share }
  })

describe("any protocol's choices can be learned", () => {
  it.effect("best-of-n: answers that all agree are not verified, others are", () =>
    Effect.gen(function* () {
      const protocol = bestOfN({ agents: ["ann", "bob"], samples: 3, alwaysSpeak: false })
      const { before, after, share } = yield* learn(protocol, 0.1)
      const verified = (info: string) => share("bob.verifier", info, "verify", ["skip", "verify"])
      expect(verified("agree=3/3")).toBeLessThan(0.05)
      expect(verified("agree=1/3")).toBeGreaterThan(0.8)
      expect(after.calls).toBeLessThan(before.calls - 0.4)
      expect(after.accuracy.mean).toBeGreaterThan(before.accuracy.mean - 0.02)
    })
  )

  it.effect("debate: an answer that the others share is kept, one that stands alone is given up", () =>
    Effect.gen(function* () {
      const protocol = debate({ agents: ["ann", "bob", "cem"], rounds: 2, alwaysSpeak: false })
      const { before, after, share } = yield* learn(protocol, 0.1)
      const kept = (info: string) => share("ann.debater", info, "keep", ["keep", "propose"])
      expect(kept("agree=2/2 round=last")).toBeGreaterThan(0.95)
      expect(kept("agree=0/2 round=last")).toBeLessThan(0.1)
      expect(after.accuracy.mean).toBeGreaterThan(before.accuracy.mean + 0.03)
    })
  )

  it.effect("selected-speaker: a wrong answer is replaced, and an approved one ends the dialogue", () =>
    Effect.gen(function* () {
      const protocol = selectedSpeaker({ agents: ["ann", "bob"], select: "controller", turns: 5 })
      const { before, after, share } = yield* learn(protocol, 0.3)
      const options = ["proposer", "reviewer", "end"]
      const chosen = (info: string, action: string) =>
        share("bob.selector", `${info} round=open`, action, options)
      expect(chosen("vote=0 spoke=proposer", "reviewer")).toBeGreaterThan(0.9)
      expect(chosen("vote=-1 spoke=reviewer", "proposer")).toBeGreaterThan(0.9)
      expect(chosen("vote=+1 spoke=reviewer", "end")).toBeGreaterThan(0.9)
      expect(after.accuracy.mean).toBeGreaterThan(before.accuracy.mean + 0.15)
    })
  )
})
