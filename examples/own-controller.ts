// A controller of one's own: written, proven, named for configurations, and compared with others.
//
//   node examples/own-controller.ts
import { controllerPlugins } from "@tracer-sdk/controllers"
import {
  arithmeticTasks,
  type Controller,
  corePlugins,
  definePlugin,
  StoreError,
  Team
} from "@tracer-sdk/core"
import { controllerConformance } from "@tracer-sdk/core/testing"
import { rolePlugins } from "@tracer-sdk/roles"
import { Effect, Schema } from "effect"

/** The sum of each action's values, by information state. */
const Sums = Schema.Record(Schema.String, Schema.Array(Schema.Finite))

/** Plays the action that was worth most so far, and in training now and then another. */
const followTheLeader = (explore: number, known: typeof Sums.Type = {}): Controller => {
  const sums = new Map(Object.entries(known))
  return {
    name: "follow-the-leader",
    strategy: (info, { names, fallback }, mode) => {
      const own = sums.get(info)
      const best = own === undefined ? names.indexOf(fallback) : own.indexOf(Math.max(...own))
      const share = mode === "current" ? explore : 0
      return names.map((_, a) => (a === best ? 1 - share : 0) + share / names.length)
    },
    update: (info, { names }, values) => {
      const own = sums.get(info) ?? names.map(() => 0)
      sums.set(
        info,
        own.map((sum, a) => sum + (values[a] ?? 0))
      )
    },
    snapshot: () => ({ kind: "follow-the-leader", version: 1, state: Object.fromEntries(sums) })
  }
}

const followTheLeaderPlugin = definePlugin({
  kind: "controller",
  name: "follow-the-leader",
  options: Schema.Struct({ explore: Schema.Finite }),
  make: ({ explore }, { snapshot }) =>
    Schema.decodeUnknownEffect(Sums)(snapshot?.state ?? {}).pipe(
      Effect.map((known) => followTheLeader(explore, known)),
      Effect.mapError(
        ({ message }) => new StoreError({ path: "controllers", message, hint: "Train the team again." })
      )
    )
})

// Everything that an engine relies on is checked. In a test file: it(name, check).
const restore = ({ state }: { readonly state: unknown }) =>
  followTheLeader(0.1, Schema.decodeUnknownSync(Sums)(state))
for (const { name, check } of controllerConformance(() => followTheLeader(0.1), { restore })) {
  await check()
  console.log(`holds: ${name}`)
}

const plugins = [...corePlugins, ...rolePlugins, ...controllerPlugins, followTheLeaderPlugin]
const training = arithmeticTasks({ split: "train", seed: 1, count: 600 })
const heldOut = arithmeticTasks({ split: "test", seed: 1, count: 400 })
const tokenCost = 0.5
const skills = {
  "a good reviewer": { right: 0.6, rightGivenRight: 0.9, rightGivenWrong: 0.2 },
  "a reviewer that tosses a coin": { right: 0.6, rightGivenRight: 0.5, rightGivenWrong: 0.5 }
}
const controllers = {
  "always speaks": { use: "fixed", weights: { propose: 1, review: 1 } },
  "until one vote is RIGHT": { use: "threshold", below: 1 },
  "follow the leader": { use: "follow-the-leader", explore: 0.1 },
  "regret matching": { use: "regret-matching" },
  Bayesian: { use: "bayesian", tokenCost }
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
        credit: { use: "tracer", tokenCost },
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
      `  ${system.padEnd(24)} ${percent(mean)}% right (${percent(low)} to ${percent(high)}), ${tokens} tokens a task`
    )
  }
}
