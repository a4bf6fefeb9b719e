import { expect, it } from "@effect/vitest"
import { Effect, Logger } from "effect"
import type { Fault, Json } from "../../test/loopback-server.ts"
import { nanoEngine } from "../../test/nano-engine.ts"
import { drawGroups, throughLlamaCpp, throughVllm } from "../../test/served-nano.ts"
import { loadBackend } from "../backend/index.ts"
import { type GspoOptions, gspoLearner } from "../learner/index.ts"
import { type LocalPolicy, localModel } from "../local/index.ts"

/** What small batches reported, each drawn after the update from the one before. */
const learn = Effect.fnUntraced(function* (
  policy: LocalPolicy,
  batches: number,
  options: (typeof GspoOptions)["Encoded"]
) {
  const learner = gspoLearner({ seed: 1, adapters: () => policy.adapters, options })
  const reports = yield* Effect.forEach(Array.from({ length: batches }).keys(), (batch) =>
    Effect.flatMap(drawGroups(policy, batch, 8), (groups) => learner.update(groups))
  )
  learner.dispose()
  return reports.flat()
})

const engine = Effect.andThen(loadBackend({ prefer: "wasm" }), nanoEngine)

it.live("a run over a server learns what a local run learns", () =>
  Effect.gen(function* () {
    const options = { miniBatches: 2, learningRate: 0.004 }
    const { served } = yield* throughVllm(yield* engine)
    const theirs = (yield* learn(served, 4, options)).map(({ meanReward }) => meanReward)
    const local = yield* localModel({ backend: "wasm", seed: 1 })
    const ours = (yield* learn(local, 2, options)).map(({ meanReward }) => meanReward)
    for (const [i, reward] of ours.entries()) expect(Math.abs(reward - (theirs[i] ?? 0))).toBeLessThan(0.1)
    expect((theirs[3] ?? 0) - (theirs[0] ?? 0)).toBeGreaterThan(0.2)
  })
)

const isRecord = (value: unknown): value is Json => typeof value === "object" && value !== null

/** Numbers of an answer as an engine of few bits would have them. */
const coarse = (value: unknown, key = ""): unknown => {
  if (key === "token_logprobs" && Array.isArray(value)) {
    return value.map((score: number) => Math.min(0, Math.round(score * 10) / 10 - 0.05))
  }
  if (Array.isArray(value)) return value.map((part) => coarse(part))
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, coarse(part, name)]))
}

it.live(
  "ratios start from the server's log-probabilities, or from one's own with truncated importance weights",
  () =>
    Effect.gen(function* () {
      const rounding: Fault = {
        edit: (answer) =>
          Object.fromEntries(Object.entries(answer).map(([name, part]) => [name, coarse(part)]))
      }
      const small = { miniBatches: 1, learningRate: 1e-4 }
      const run = Effect.fnUntraced(function* (options: (typeof GspoOptions)["Encoded"]) {
        const { served } = yield* throughVllm(yield* engine, {
          fault: (route) => (route === "POST /v1/completions" ? rounding : undefined)
        })
        const [report] = yield* learn(served, 1, options)
        return report?.ratio ?? Number.NaN
      })
      expect(Math.abs((yield* run(small)) - 1)).toBeGreaterThan(1e-2)
      expect(Math.abs((yield* run({ ...small, importanceCap: 2 })) - 1)).toBeLessThan(1e-5)
    })
)

it.live("a server whose weights grow old draws ratios away from 1", () =>
  Effect.gen(function* () {
    const { served } = yield* throughLlamaCpp(yield* engine)
    const reports = yield* learn(served, 2, { miniBatches: 1, learningRate: 0.01 }).pipe(
      Effect.provide(Logger.layer([]))
    )
    const [first, second] = reports.map(({ ratio }) => Math.abs(ratio - 1))
    expect(first).toBeLessThan(1e-4)
    expect(second).toBeGreaterThan(1e-2)
  })
)
