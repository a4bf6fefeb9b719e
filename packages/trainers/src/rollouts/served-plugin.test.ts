import { expect, it } from "@effect/vitest"
import { createRegistry } from "@tracer-sdk/core"
import { Effect } from "effect"
import { loopbackServer } from "../../test/loopback-server.ts"
import { nanoEngine } from "../../test/nano-engine.ts"
import { request } from "../../test/served-nano.ts"
import { vllmRoutes } from "../../test/vllm-routes.ts"
import { loadBackend } from "../backend/index.ts"
import { trainerPlugins } from "../plugins.ts"

const registry = createRegistry(trainerPlugins)

it.live("a configuration names a served policy, whose agents the gspo learner can train", () =>
  Effect.gen(function* () {
    yield* loadBackend({ prefer: "wasm" })
    const { url } = yield* loopbackServer(vllmRoutes(yield* nanoEngine, new Map()))
    const make = (adapter: Readonly<Record<string, string | number>>) =>
      registry.make(
        "policy",
        { use: "served", dialect: "vllm", baseURL: url, backend: "wasm", adapter },
        { name: "model", seed: 1 },
        "policies.model"
      )
    const policy = yield* make({ rank: 4 })
    expect(yield* policy.generate(request)).toHaveLength(4)
    const context = { seed: 1, policies: new Map([["ada", policy]]) }
    const learner = yield* registry.make("learner", { use: "gspo" }, context, "learner")
    expect(learner.name).toBe("gspo")
    const error = yield* Effect.flip(make({ kind: "full" }))
    expect(error).toMatchObject({ _tag: "ConfigError", path: "policies.model.adapter" })
    expect(error.message).toContain('not weights of kind "full"')
  })
)

it.effect("a served policy has to say what the server is, and where", () =>
  Effect.gen(function* () {
    const refusal = (dialect: string, baseURL: string) => {
      const use = { use: "served", dialect, baseURL }
      const made = registry.make("policy", use, { name: "model", seed: 1 }, "policies.model")
      return Effect.flip(Effect.scoped(made))
    }
    const what = yield* refusal("tgi", "http://127.0.0.1:8000/v1")
    expect(what).toMatchObject({ _tag: "ConfigError", path: "policies.model.dialect" })
    for (const baseURL of ["localhost:8000/v1", "127.0.0.1:8000", "ftp://here", "http://"]) {
      const where = yield* refusal("vllm", baseURL)
      expect(where).toMatchObject({ _tag: "ConfigError", path: "policies.model.baseURL" })
      expect(where.message).toContain("is no address such as http://127.0.0.1:8000/v1")
    }
  })
)
