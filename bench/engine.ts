/** Training episodes per second with a policy that answers at once, and wall time with one that takes 200 ms. */
import { regretMatching } from "@tracer-sdk/controllers"
import {
  type Controller,
  type Game,
  graderFor,
  type Policy,
  proposeReview,
  type TrainSettings,
  tracerCredit,
  train
} from "@tracer-sdk/core"
import { proposer, reviewer, simulatedPolicy } from "@tracer-sdk/roles"
import { Effect } from "effect"

const skill = { right: 0.6, rightGivenRight: 0.9, rightGivenWrong: 0.2 }

const tasks = Array.from({ length: 200 }, (_, i) => ({
  id: String(i),
  question: `What is ${i} + 1?`,
  gold: String(i + 1),
  dataset: "arithmetic"
}))

const game = (policy: Policy): Game<unknown> => ({
  protocol: proposeReview({ agents: ["ada", "bob"] }),
  roles: new Map([
    ["proposer", proposer()],
    ["reviewer", reviewer()]
  ]),
  controllers: new Map<string, Controller>([
    ["ada.proposer", regretMatching()],
    ["bob.reviewer", regretMatching()]
  ]),
  policies: new Map([
    ["ada", policy],
    ["bob", policy]
  ]),
  sampling: () => ({ temperature: 1, maxTokens: 256 }),
  grader: graderFor
})

const settings: TrainSettings = {
  seed: 1,
  credit: tracerCredit(),
  batchSize: 1,
  epochs: 1,
  concurrency: 1,
  groupSize: 1,
  forkSamples: 1
}

const seconds = async (run: Effect.Effect<void, unknown>): Promise<number> => {
  const start = performance.now()
  await Effect.runPromise(run)
  return (performance.now() - start) / 1000
}

for (const values of ["oneStep", "continuation"] as const) {
  const rates: Array<number> = []
  for (let round = 0; round < 4; round++) {
    const epochs = 100
    const took = await seconds(
      train(game(simulatedPolicy(skill)), tasks, {
        ...settings,
        seed: round,
        epochs,
        credit: tracerCredit({ values })
      })
    )
    rates.push((tasks.length * epochs) / took)
  }
  const best = Math.max(...rates.slice(1))
  console.log(
    `engine, ${values} values, a policy that answers at once: ${Math.round(best).toLocaleString("en")} training episodes/s`
  )
}
const took = await seconds(
  train(game(simulatedPolicy({ ...skill, delay: 200 })), tasks, {
    ...settings,
    batchSize: 64,
    concurrency: 64,
    groupSize: 4,
    forkSamples: 4
  })
)
console.log(`engine, 200 ms a call, 64 dialogues at once: 200 training tasks in ${took.toFixed(1)} s`)
