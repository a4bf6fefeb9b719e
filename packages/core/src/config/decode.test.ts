import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { decodeTeamConfig } from "./read-config.ts"

const valid = {
  agents: [{ name: "ada", policy: "model" }],
  policies: { model: { use: "simulated", right: 0.5 } }
}

describe("a team's configuration", () => {
  it.effect("has a default for everything but agents and policies", () =>
    Effect.gen(function* () {
      const config = yield* decodeTeamConfig(valid)
      expect(config.protocol).toEqual({ use: "propose-review" })
      expect(config.policies.model).toEqual({ use: "simulated", right: 0.5 })
      expect(config.training).toEqual({
        batchSize: 32,
        epochs: 1,
        concurrency: 64,
        groupSize: 4,
        forkSamples: 4,
        exploration: 1
      })
    })
  )

  it.effect("names every wrong key with its path and the keys that are known there", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(
        decodeTeamConfig({ ...valid, training: { batchsize: 3 }, sede: 1 }, "team.yaml")
      )
      expect(error._tag).toBe("ConfigError")
      expect(error.message).toContain("team.yaml is not valid")
      expect(error.message).toContain(
        "training.batchsize: is not a known key; known here: batchSize, epochs, concurrency, groupSize, forkSamples"
      )
      expect(error.message).toContain("sede: is not a known key; known here: name, seed, agents")
    })
  )

  it.effect("says how to draw, within what makes sense", () =>
    Effect.gen(function* () {
      const sampling = { temperature: 0.7, topP: 0.9, topK: 20, stop: ["\n"] }
      const config = yield* decodeTeamConfig({ ...valid, sampling })
      expect(config.sampling).toEqual({ ...sampling, maxTokens: 512 })
      const error = yield* Effect.flip(
        decodeTeamConfig({ ...valid, sampling: { topP: 0, topK: 0, stop: [""] } })
      )
      for (const path of ["sampling.topP", "sampling.topK", "sampling.stop[0]"]) {
        expect(error.message).toContain(path)
      }
    })
  )

  it.effect("names a wrong value with its path and what is allowed", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(
        decodeTeamConfig({
          ...valid,
          agents: [{ name: "ada" }],
          systems: [{ name: "x", selection: "best" }]
        })
      )
      expect(error.message).toContain("agents[0].policy: is missing")
      expect(error.message).toMatch(/systems\[0\]\.selection: .*"sample".*"greedy"/)
    })
  )
})
