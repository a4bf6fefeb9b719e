import { expect, it } from "@effect/vitest"
import { createRegistry, type Policy } from "@tracer-sdk/core"
import { Effect } from "effect"
import { trainerPlugins } from "./plugins.ts"

const policy: Policy = { name: "silent", generate: () => Effect.succeed([]) }
const policies = new Map([
  ["ann", policy],
  ["bob", policy]
])
const learner = (agents: ReadonlyArray<string>) =>
  createRegistry(trainerPlugins).make("learner", { use: "gspo", agents }, { seed: 1, policies }, "learner")

it.effect("a learner is told which of its agents the team does not have", () =>
  Effect.gen(function* () {
    const error = yield* Effect.flip(learner(["bob", "anne"]))
    expect(error).toMatchObject({ _tag: "ConfigError", path: "learner.agents[1]" })
    expect(error.message).toBe('learner.agents[1]: there is no agent "anne"; known here: ann, bob.')
  })
)

it.effect("a learner refuses agents whose model has no weights here, before anything is spent", () =>
  Effect.gen(function* () {
    const error = yield* Effect.flip(learner(["bob"]))
    expect(error).toMatchObject({ _tag: "ConfigError", path: "learner" })
    expect(error.message).toContain("bob speaks through")
  })
)

it.effect("a date for the chat template that is no day is named before a model is loaded", () =>
  Effect.gen(function* () {
    const use = { use: "local", template: { date: "2026-02-30" } }
    const made = createRegistry(trainerPlugins).make("policy", use, { name: "m", seed: 1 }, "policies.m")
    const error = yield* Effect.flip(Effect.scoped(made))
    expect(error).toMatchObject({ _tag: "ConfigError", path: "policies.m.template.date" })
    expect(error.message).toContain('is no day such as 2024-07-26: "2026-02-30"')
  })
)
