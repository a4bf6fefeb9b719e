import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { decodeTeamConfig } from "../config/read-config.ts"
import { differs } from "./differs.ts"

const base = {
  agents: [{ name: "ada", policy: "small" }],
  policies: { small: { use: "local", model: "nano" }, large: { use: "openai", model: "gpt" } },
  roles: { proposer: { use: "proposer", prompts: "terse" } }
}

const found = (changes: object, learns = false) =>
  Effect.gen(function* () {
    return differs(yield* decodeTeamConfig(base), yield* decodeTeamConfig({ ...base, ...changes }), learns)
  })

describe("differs", () => {
  it.effect("says nothing of what systems are compared for", () =>
    Effect.gen(function* () {
      const changes = {
        protocol: { use: "debate" },
        controller: { use: "random" },
        credit: { use: "shapley" },
        agents: [...base.agents, { name: "bob", policy: "small" }],
        training: { concurrency: 1 }
      }
      expect(yield* found(changes, true)).toEqual([])
      // A protocol without a proposer asks nobody in the base's words.
      expect(yield* found({ roles: {} })).toEqual([])
    })
  )

  it.effect("names other models, prompts, sampling and limits", () =>
    Effect.gen(function* () {
      expect(
        yield* found({
          agents: [{ name: "ada", policy: "large" }],
          roles: { reviewer: { use: "reviewer", prompts: "long" } },
          sampling: { maxTokens: 64, topP: 0.9 }
        })
      ).toEqual([
        'ada speaks through {"use":"openai","model":"gpt"}, which no agent of the base team does',
        'role reviewer is {"use":"reviewer","prompts":"long"}, not unset',
        "sampling.maxTokens is 64, not 512",
        "sampling.topP is 0.9, not unset"
      ])
    })
  )

  it.effect("names how much there is to learn from, where something learns", () =>
    Effect.gen(function* () {
      const changes = { training: { epochs: 2 } }
      expect(yield* found(changes)).toEqual([])
      expect(yield* found(changes, true)).toEqual(["training.epochs is 2, not 1"])
    })
  )
})
