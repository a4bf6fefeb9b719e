import { type ControllerSnapshot, createRegistry, type PluginUse, type Policy } from "@tracer-sdk/core"
import { controllerConformance, protocolConformance } from "@tracer-sdk/core/testing"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { kuhnPoker } from "./games/kuhn.ts"
import { leducPoker } from "./games/leduc.ts"
import { controllerPlugins } from "./plugins.ts"
import { regretMatching, restoreRegretMatching } from "./regret/regret-matching.ts"

describe("regret matching conforms", () => {
  for (const variant of ["rm", "rm+", "linear", "dcfr", "predictive"] as const) {
    describe(variant, () => {
      const options = { variant }
      const checks = controllerConformance(() => regretMatching(options), {
        restore: (snapshot) => Effect.runPromise(restoreRegretMatching(options, snapshot))
      })
      for (const { name, check } of checks) it(name, check)
    })
  }
})

const seat = { name: "reviewer", agent: "bob", controller: "bob.reviewer" }
const chatty: Policy = {
  name: "chatty",
  generate: ({ samples, seed, view }) =>
    Effect.succeed(
      Array.from({ length: samples }, () => ({
        text: seed % 3 === 0 ? "Well, who knows." : `It may help.\nNext: ${view.options?.[seed % 2]}`,
        usage: { prompt: 30, completion: 6 },
        finish: "stop"
      }))
    )
}

/** Through the registry, as a configuration makes them: `learns` from values. */
const others: ReadonlyArray<{ readonly use: PluginUse; readonly learns: boolean }> = [
  { use: { use: "exp3" }, learns: true },
  { use: { use: "exp3", gamma: 0.3, low: -1, high: 1 }, learns: true },
  { use: { use: "regret-matching", sampling: "outcome" }, learns: true },
  { use: { use: "thompson" }, learns: true },
  { use: { use: "bayesian" }, learns: false },
  { use: { use: "fixed", weights: { speak: 2, skip: 1 } }, learns: false },
  { use: { use: "random" }, learns: false },
  { use: { use: "threshold" }, learns: false },
  { use: { use: "llm-selector" }, learns: false }
]
const registry = createRegistry(controllerPlugins)

for (const { use, learns } of others) {
  describe(`${JSON.stringify(use)} conforms`, () => {
    const make = (snapshot?: ControllerSnapshot) =>
      Effect.runSync(
        Effect.scoped(
          registry.make(
            "controller",
            use,
            {
              seat,
              policies: new Map([["bob", chatty]]),
              ...(snapshot === undefined ? {} : { snapshot })
            },
            "controller"
          )
        )
      )
    for (const { name, check } of controllerConformance(() => make(), { learns, restore: make }))
      it(name, check)
  })
}

it("no controller takes another's snapshot", () => {
  for (const { use } of others) {
    const context = { seat, policies: new Map(), snapshot: { kind: "other", version: 1, state: {} } }
    const error = Effect.runSync(
      Effect.flip(Effect.scoped(registry.make("controller", use, context, "controller")))
    )
    expect(error.message).toBe(`A snapshot of kind "other" cannot be restored as "${use.use}".`)
  }
})

describe("Kuhn poker conforms", () => {
  for (const { name, check } of protocolConformance(kuhnPoker(), [{ id: "hand", question: "" }]))
    it(name, check)
})

describe("Leduc poker conforms", () => {
  for (const { name, check } of protocolConformance(leducPoker(), [{ id: "hand", question: "" }]))
    it(name, check)
})
