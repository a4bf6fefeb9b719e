// A controller of one's own: written, proven, named for configurations, and compared with regret matching.
//
//   node examples/own-controller.ts
import { controllerPlugins } from "@tracer-sdk/controllers"
import { arithmeticTasks, type Controller, corePlugins, definePlugin, Team } from "@tracer-sdk/core"
import { controllerConformance } from "@tracer-sdk/core/testing"
import { rolePlugins } from "@tracer-sdk/roles"
import { Effect, Schema } from "effect"

const silent = ["keep", "skip"]

/** Speaks while the pending answer has fewer votes than `votes`, and learns nothing. */
const threshold = (votes: number): Controller => ({
  name: "threshold",
  strategy: (info, { names }) => {
    const enough = Number(/vote=([+-]?\d+)/.exec(info)?.[1] ?? 0) >= votes
    const wanted = names.filter((name) => silent.includes(name) === enough)
    const played = wanted.length > 0 ? wanted : names
    return names.map((name) => (played.includes(name) ? 1 / played.length : 0))
  },
  update: () => {},
  snapshot: () => ({ kind: "threshold", version: 1, state: { votes } })
})

const thresholdPlugin = definePlugin({
  kind: "controller",
  name: "threshold",
  options: Schema.Struct({ votes: Schema.Int }),
  make: ({ votes }) => Effect.succeed(threshold(votes))
})

// A stated strategy need not learn; everything else that an engine relies on is checked. In a test file: it(name, check).
for (const { name, check } of controllerConformance(() => threshold(1), { learns: false })) {
  await check()
  console.log(`holds: ${name}`)
}

const plugins = [...corePlugins, ...rolePlugins, ...controllerPlugins, thresholdPlugin]
const training = arithmeticTasks({ split: "train", seed: 1, count: 600 })
const heldOut = arithmeticTasks({ split: "test", seed: 1, count: 400 })
const skills = {
  "a good reviewer": { right: 0.6, rightGivenRight: 0.9, rightGivenWrong: 0.2 },
  "a reviewer that tosses a coin": { right: 0.6, rightGivenRight: 0.5, rightGivenWrong: 0.5 }
}
const controllers = {
  "always speaks": { use: "fixed", weights: { propose: 1, review: 1 } },
  "threshold, 1 vote": { use: "threshold", votes: 1 },
  "regret matching": { use: "regret-matching" }
}

for (const [reviewer, skill] of Object.entries(skills)) {
  console.log(`\n${reviewer}:`)
  for (const [system, controller] of Object.entries(controllers)) {
    await using team = await Team.create(
      {
        agents: [
          { name: "ada", policy: "model" },
          { name: "bob", policy: "model" }
        ],
        policies: { model: { use: "simulated", ...skill } },
        credit: { use: "tracer", tokenCost: 0.5 },
        controller
      },
      plugins
    )
    await team.train(training) // leaves a controller that does not learn as it is
    const report = await team.evaluate(heldOut, { selection: "greedy" })
    const percent = (share: number) => (100 * share).toFixed(1)
    const { mean, low, high } = report.accuracy
    const tokens = (report.promptTokens + report.completionTokens).toFixed(0)
    console.log(
      `  ${system.padEnd(18)} ${percent(mean)}% right (${percent(low)} to ${percent(high)}), ${tokens} tokens a task`
    )
  }
}
