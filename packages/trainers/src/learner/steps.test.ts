import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { type CreditedGroup, exactGrader, seedKey } from "@tracer-sdk/core"
import { Effect, Result, Schema } from "effect"
import { createAdapter, readAdapter } from "../adapter/index.ts"
import { loadBackend } from "../backend/index.ts"
import { type Decoder, loadDecoder } from "../decoder/index.ts"
import { lossVariants } from "../gspo/index.ts"
import { makeAdam } from "../optimizer/index.ts"
import { partition } from "./batching.ts"
import { GspoOptions } from "./options.ts"
import { withOwnRatios } from "./own-ratios.ts"
import { policyStep } from "./policy-step.ts"
import { toRollout } from "./rollout.ts"

const Numbers = Schema.Array(Schema.Finite)
const Adapter = Schema.Union([
  Schema.Struct({ kind: Schema.Literal("lora") }),
  Schema.Struct({ kind: Schema.Literal("full") }),
  Schema.Struct({ kind: Schema.Literal("layers"), last: Schema.Int })
])

/** What `tools/reference/gspo_steps_fixture.py` writes: four steps of PyTorch's Adam, for each of several losses and adapters. */
const Steps = Schema.Struct({
  options: Schema.Struct({
    epsilonLow: Schema.Finite,
    epsilonHigh: Schema.Finite,
    kl: Schema.Finite,
    maxGradientNorm: Schema.Finite,
    miniBatches: Schema.Int,
    epochs: Schema.Int
  }),
  temperature: Schema.Finite,
  /** Of each parameter's values, flattened, every so many are there. */
  stride: Schema.Int,
  groups: Schema.Array(
    Schema.Struct({
      prompt: Numbers,
      weight: Schema.Finite,
      sequences: Schema.Array(
        Schema.Struct({
          completion: Numbers,
          recorded: Numbers,
          reward: Schema.Finite,
          tokenRewards: Numbers,
          cutOff: Schema.Boolean
        })
      )
    })
  ),
  runs: Schema.Array(
    Schema.Struct({
      adapter: Adapter,
      settings: Schema.Struct({
        variant: Schema.Literals(lossVariants),
        learningRate: Schema.Finite,
        importanceCap: Schema.optionalKey(Schema.Finite)
      }),
      /** Those with a signal. */
      groups: Schema.Int,
      steps: Schema.Array(
        Schema.Struct({
          loss: Schema.Finite,
          gradientNorm: Schema.Finite,
          parameters: Schema.Record(Schema.String, Numbers)
        })
      )
    })
  )
})
const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const { options, temperature, stride, groups, runs } = Schema.decodeUnknownSync(Schema.fromJsonString(Steps))(
  readFileSync(path("fixtures/steps.json"), "utf8")
)

const task = { id: "t", question: "?", gold: "1" }
const credited = (byToken: boolean) =>
  groups.map(
    ({ prompt, weight, sequences }, episode): CreditedGroup => ({
      ...{ episode, agent: "a", seat: "proposer", role: "proposer", round: 1, task, grader: exactGrader },
      view: { task, transcript: [] },
      prompt: { messages: [] },
      sampling: { temperature, maxTokens: 8 },
      utterances: sequences.map(({ completion, recorded, cutOff }) => ({
        completion: {
          text: "",
          usage: { prompt: prompt.length, completion: completion.length },
          finish: cutOff ? "length" : "stop",
          tokens: { prompt, ids: completion, logProbabilities: recorded }
        },
        reading: { kind: "comment" }
      })),
      credit: {
        rewards: sequences.map(({ reward }) => reward),
        ...(byToken ? { tokenRewards: sequences.map(({ tokenRewards }) => tokenRewards) } : {}),
        weight
      }
    })
  )

const adapterOf = (decoder: Decoder, config: (typeof runs)[number]["adapter"]) =>
  config.kind === "lora"
    ? readAdapter("a", decoder.config, path("../adapter/fixtures/ours-qwen2"))
    : Effect.succeed(createAdapter("a", decoder, config, seedKey(1)))

// Passes of 32 tokens are several to a step; all tokens of a step fit into 8192.
const places = [
  { backend: "cpu", maxTokensPerStep: 8192 },
  { backend: "wasm", maxTokensPerStep: 32 }
] as const

describe.each(places)(
  "on $backend, in passes of $maxTokensPerStep tokens",
  ({ backend, maxTokensPerStep }) => {
    for (const { adapter: config, settings: own, groups: withSignal, steps } of runs) {
      const weighed = own.importanceCap === undefined ? "" : ", weights truncated,"
      it.effect(
        `four steps of ${own.variant}${weighed} on ${config.kind} are PyTorch's, parameter by parameter`,
        () =>
          Effect.gen(function* () {
            yield* loadBackend({ prefer: backend })
            const decoder = yield* loadDecoder(path("../decoder/fixtures/qwen2"))
            const adapter = yield* adapterOf(decoder, config)
            const settings = Schema.decodeSync(GspoOptions)({ ...options, ...own, maxTokensPerStep })
            const rollout = Result.getOrThrow(toRollout(credited(own.variant !== "gspo"), settings))
            expect([rollout.groups.length, rollout.skippedGroups]).toEqual([withSignal, 5 - withSignal])
            const cap = own.importanceCap
            const sequences =
              cap === undefined
                ? rollout.groups
                : yield* Effect.promise(() =>
                    withOwnRatios(decoder, adapter, rollout.groups, cap, maxTokensPerStep)
                  )
            const { maxGradientNorm } = options
            const adam = makeAdam(adapter.variables, { learningRate: own.learningRate, maxGradientNorm })
            const parts = partition(sequences, options.miniBatches)
            for (const [i, expected] of steps.entries()) {
              const part = parts[i % parts.length] ?? []
              const step = yield* Effect.promise(() =>
                policyStep(decoder, adapter, adam, part, settings, seedKey(1))
              )
              expect(step.applied).toBe(true)
              expect(Math.abs(step.loss - expected.loss)).toBeLessThan(1e-5)
              expect(Math.abs(step.gradientNorm / expected.gradientNorm - 1)).toBeLessThan(1e-4)
              expect(Object.keys(adapter.variables).sort()).toEqual(Object.keys(expected.parameters).sort())
              for (const [name, values] of Object.entries(expected.parameters)) {
                const own = adapter.variables[name]?.dataSync() ?? []
                const apart = values.map((value, at) => Math.abs(value - (own[at * stride] ?? Number.NaN)))
                expect(Math.max(...apart), `${name} after step ${i + 1}`).toBeLessThan(1e-5)
              }
            }
            adam.dispose()
            adapter.dispose()
            decoder.dispose()
            expect(tf.memory().numTensors).toBe(0)
          })
      )
    }
  }
)
