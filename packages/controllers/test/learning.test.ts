import { describe, expect, it } from "@effect/vitest"
import { regretMatching } from "@tracer-sdk/controllers"
import {
  type Controller,
  type DialogueState,
  type Game,
  graderFor,
  isRegretController,
  proposeReview,
  type Task,
  tracerCredit,
  train
} from "@tracer-sdk/core"
import { bestDialogue, dialogueTree, dialogueValue, profileOfControllers } from "@tracer-sdk/core/testing"
import {
  proposer,
  reviewer,
  type SimulatedPolicyOptions,
  simulatedDistribution,
  simulatedPolicy
} from "@tracer-sdk/roles"
import { Effect } from "effect"

const tasks: ReadonlyArray<Task> = Array.from({ length: 2_000 }, (_, i) => ({
  id: `t${i}`,
  question: `What is ${i} + 1?`,
  gold: String(i + 1)
}))
const first: Task = { id: "t", question: "What is 2 + 3?", gold: "5" }

const protocol = proposeReview({ agents: ["ann", "bob"] })
const roles = new Map([proposer(), reviewer()].map((role) => [role.name, role]))

/** Two models under one skill: ann proposes, bob reviews. Ends with the controllers as 2,000 tasks have taught them. */
const learn = Effect.fnUntraced(function* (
  skill: SimulatedPolicyOptions,
  { seed = 1, tokenCost = 0 }: { readonly seed?: number; readonly tokenCost?: number } = {}
) {
  const controllers = new Map<string, Controller>(
    protocol.seats.map(({ controller }) => [controller, regretMatching()])
  )
  const policy = simulatedPolicy(skill)
  const game: Game<DialogueState> = {
    protocol,
    roles,
    controllers,
    policies: new Map([
      ["ann", policy],
      ["bob", policy]
    ]),
    sampling: () => ({ temperature: 1, maxTokens: 100 }),
    grader: graderFor
  }
  yield* train(game, tasks, {
    seed,
    credit: tracerCredit({ tokenCost }),
    batchSize: 32,
    epochs: 1,
    concurrency: 64,
    groupSize: 4,
    forkSamples: 4
  })
  return controllers
})

const treeOf = (skill: SimulatedPolicyOptions) =>
  dialogueTree({
    protocol,
    task: first,
    speak: (view, role) => simulatedDistribution(skill, { role, view }),
    read: (view, role, text) => roles.get(role)?.read(view, text) ?? { kind: "comment" }
  })

/** The average strategy's probability of an action in a controller's information state. */
const average = (
  controllers: ReadonlyMap<string, Controller>,
  controller: string,
  info: string,
  names: readonly [string, string]
): readonly [number, number] => {
  const [silent = 0, spoken = 0] =
    controllers.get(controller)?.strategy(info, { names, fallback: names[0] }, "average") ?? []
  return [silent, spoken]
}
const review = ["skip", "review"] as const
const propose = ["keep", "propose"] as const

const alwaysRight: SimulatedPolicyOptions = { right: 0.6, rightGivenRight: 1, rightGivenWrong: 1 }

describe("what the controllers have to learn", () => {
  it.effect("an always-RIGHT reviewer is silenced where reviews begin, under every seed", () =>
    Effect.gen(function* () {
      // An utterance of 260 tokens costs 0.052, against 2 between a right and a wrong answer.
      for (let seed = 1; seed <= 6; seed++) {
        const controllers = yield* learn(alwaysRight, { seed, tokenCost: 0.2 })
        for (const round of ["open", "last"]) {
          const [skip] = average(controllers, "bob.reviewer", `vote=0 round=${round}`, review)
          expect(skip).toBeGreaterThan(0.95)
        }
      }
    })
  )

  it.effect("an always-RIGHT reviewer is silenced in rare states too, where words cost more", () =>
    Effect.gen(function* () {
      // After a first RIGHT come few visits, as it falls silent before: they need 0.13 for an utterance.
      const controllers = yield* learn(alwaysRight, { tokenCost: 0.5 })
      for (const info of ["vote=0 round=open", "vote=0 round=last", "vote=+1 round=last"]) {
        const [skip] = average(controllers, "bob.reviewer", info, review)
        expect(skip).toBeGreaterThan(0.95)
      }
    })
  )

  it.effect("a good corrector speaks where answers are often wrong", () =>
    Effect.gen(function* () {
      const skill = { right: 0.4, rightGivenRight: 0.95, rightGivenWrong: 0.1 }
      const controllers = yield* learn(skill, { tokenCost: 0.05 })
      for (const round of ["open", "last"]) {
        const [, speak] = average(controllers, "bob.reviewer", `vote=0 round=${round}`, review)
        expect(speak).toBeGreaterThan(0.95)
      }
    })
  )

  it.effect("a proposer whose second try is no better keeps, and keeping has a regret", () =>
    Effect.gen(function* () {
      const skill = { right: 0.6, secondRight: 0.2, rightGivenRight: 0.5, rightGivenWrong: 0.5 }
      const controllers = yield* learn(skill)
      for (const info of ["vote=0 round=open", "vote=0 round=last", "vote=+1 round=last"]) {
        const [keep] = average(controllers, "ann.proposer", info, propose)
        expect(keep).toBeGreaterThan(0.95)
      }
      const snapshot = JSON.stringify(controllers.get("ann.proposer")?.snapshot().state)
      expect(snapshot).toMatch(/"info":"vote=0 round=last","actions":\["keep","propose"\],"regrets":\[[1-9]/)
    })
  )

  it.effect("measures regret within its bound wherever it has been", () =>
    Effect.gen(function* () {
      const controllers = yield* learn({ right: 0.5, rightGivenRight: 0.7, rightGivenWrong: 0.3 })
      for (const controller of controllers.values()) {
        const states = isRegretController(controller) ? controller.regret() : []
        expect(states.length).toBeGreaterThan(3)
        for (const { averageRegret, bound, invariantHolds } of states) {
          expect(invariantHolds).toBe(true)
          expect(averageRegret).toBeLessThanOrEqual(bound)
        }
      }
    })
  )
})

describe("2,000 tasks bring the average strategies near the best policy there is", () => {
  // Ten seeds each stayed within 0.01 in these; the worst of them lost 0.0073.
  const skills: Readonly<Record<string, SimulatedPolicyOptions>> = {
    "strong reviewer, weak proposer": { right: 0.3, rightGivenRight: 0.95, rightGivenWrong: 0.05 },
    "a second try better than the first": {
      right: 0.5,
      secondRight: 0.7,
      rightGivenRight: 0.7,
      rightGivenWrong: 0.4
    },
    "a second try worse than the first": {
      right: 0.7,
      secondRight: 0.5,
      rightGivenRight: 0.7,
      rightGivenWrong: 0.4
    },
    "contrary reviewer": { right: 0.5, rightGivenRight: 0.2, rightGivenWrong: 0.8 },
    "a reviewer no better than a coin": { right: 0.6, rightGivenRight: 0.5, rightGivenWrong: 0.5 },
    "an always-RIGHT reviewer": alwaysRight
  }
  // Here one seed alone may settle on a local optimum: asking a weak reviewer twice pays only if the proposer listens to
  // split votes, and listening only if the reviewer is asked twice. The worst of ten lost 0.0132 and 0.0168.
  const withLocalOptima: typeof skills = {
    "weak reviewer, strong proposer": { right: 0.85, rightGivenRight: 0.65, rightGivenWrong: 0.45 },
    "middling both": { right: 0.55, rightGivenRight: 0.8, rightGivenWrong: 0.35 }
  }
  const settings = [
    ...Object.entries(skills).map(([name, skill]) => ({ name, skill, seeds: [1] })),
    ...Object.entries(withLocalOptima).map(([name, skill]) => ({ name, skill, seeds: [1, 2, 3, 4, 5] }))
  ]
  for (const { name, skill, seeds } of settings) {
    it.effect(
      `${name}: loses less than 0.01 over ${seeds.length === 1 ? "a seed" : "five seeds on average"}`,
      () =>
        Effect.gen(function* () {
          const tree = treeOf(skill)
          const best = bestDialogue(tree)
          let total = 0
          for (const seed of seeds) {
            const learned = dialogueValue(
              tree,
              profileOfControllers(yield* learn(skill, { seed }), "average")
            )
            const loss = best.accuracy - learned.accuracy
            expect(loss).toBeGreaterThan(-1e-9)
            total += loss
          }
          expect(total / seeds.length).toBeLessThan(0.01)
        })
    )
  }
})
