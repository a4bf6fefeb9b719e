import { expect, it } from "@effect/vitest"
import { createRegistry } from "@tracer-sdk/core"
import { Effect } from "effect"
import { describe } from "vitest"
import { rolePlugins } from "./plugins.ts"

const registry = createRegistry(rolePlugins)
const context = { name: "small", seed: 1 }

describe("rolePlugins", () => {
  it.effect("make every role and policy from its options, under the name it is given", () =>
    Effect.gen(function* () {
      const skill = { right: 0.6, rightGivenRight: 0.8, rightGivenWrong: 0.3 }
      const policies = [
        { use: "simulated", ...skill },
        { use: "openai", model: "tiny", baseURL: "http://127.0.0.1:1/v1" },
        { use: "langchain", model: "openai:tiny", settings: { topP: 1 } }
      ]
      for (const use of policies) {
        expect((yield* registry.make("policy", use, context, "policies.small")).name).toBe("small")
      }
      for (const use of ["proposer", "reviewer", "debater", "critic", "refiner", "verifier", "selector"]) {
        expect((yield* registry.make("role", { use }, { name: "critic" }, "roles.critic")).name).toBe(
          "critic"
        )
      }
    })
  )

  it.effect("name the option that is wrong or missing", () =>
    Effect.gen(function* () {
      const use = { use: "simulated", right: 1.5, rightGivenRight: 1, chance: 1 }
      const error = yield* Effect.flip(registry.make("policy", use, context, "policies.small"))
      if (error._tag !== "ConfigError") throw error
      expect(error.message).toContain("policies.small.right:")
      expect(error.message).toContain("policies.small.rightGivenWrong: is missing")
      expect(error.message).toContain("policies.small.chance: is not a known key")
      // All of them are compared with each other, for every task.
      const many = { use: "simulated", right: 1, rightGivenRight: 1, rightGivenWrong: 0, wrongAnswers: 101 }
      const refused = yield* Effect.flip(registry.make("policy", many, context, "policies.small"))
      expect(refused.message).toContain("policies.small.wrongAnswers: Expected a value between 1 and 100")
    })
  )
})
