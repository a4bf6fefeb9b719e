import { expect, it } from "@effect/vitest"
import type { CreditedGroup } from "@tracer-sdk/core"
import { Effect, Result, Schema } from "effect"
import { beforeAll } from "vitest"
import { drawGroup, tinyDecoder } from "../../test/drawn-groups.ts"
import { type AdapterStore, makeAdapterStore } from "../adapter/index.ts"
import { loadCpu } from "../backend/cpu.ts"
import { quietly } from "../backend/quietly.ts"
import type { Decoder } from "../decoder/index.ts"
import { makeSampler } from "../sampler/index.ts"
import { gspoLearner } from "./gspo-learner.ts"
import { GspoOptions, type GspoOptionsInput } from "./options.ts"
import { withOwnRatios } from "./own-ratios.ts"
import { toRollout } from "./rollout.ts"

let decoder: Decoder
let store: AdapterStore
let drawn: ReadonlyArray<CreditedGroup>
beforeAll(async () => {
  await quietly(loadCpu)
  decoder = tinyDecoder(5)
  store = makeAdapterStore(decoder, 11)
  const sampler = await Effect.runPromise(makeSampler(decoder))
  const draw = (seed: number) => drawGroup(sampler, store, seed, (ids) => (ids.length % 2 === 0 ? 1 : -1))
  drawn = await Effect.runPromise(Effect.forEach([1, 2, 3, 4, 5], draw))
})

/** The same draws as an engine would record them that scores each token `by` nats apart. */
const recordedApart = (by: number) =>
  drawn.map((group) => ({
    ...group,
    utterances: group.utterances.map(({ completion, reading }) => ({
      reading,
      completion:
        completion.tokens === undefined
          ? completion
          : {
              ...completion,
              tokens: {
                ...completion.tokens,
                logProbabilities: completion.tokens.logProbabilities.map((value) => value + by)
              }
            }
    }))
  }))

const unmasked = { maskTruncated: false, learningRate: 0.02 }
const rolloutOf = (groups: ReadonlyArray<CreditedGroup>) =>
  Result.getOrThrow(toRollout(groups, Schema.decodeSync(GspoOptions)(unmasked))).groups

const update = Effect.fnUntraced(function* (options: GspoOptionsInput, groups: ReadonlyArray<CreditedGroup>) {
  const own = makeAdapterStore(decoder, 11)
  const learner = gspoLearner({ seed: 3, adapters: () => own, options: { ...unmasked, ...options } })
  const [report] = yield* learner.update(groups)
  const weights = Object.values(own.get("solver", "proposer").variables).flatMap((variable) =>
    Array.from(variable.dataSync())
  )
  return { report, weights }
})

it("sequences start from the current weights' log-probabilities and weigh by how far the sampler's were", async () => {
  const adapter = store.get("solver", "proposer")
  const recorded = rolloutOf(recordedApart(-0.1))
  // Passes of 16 tokens are many, of 8192 one: the values are the same.
  const [few, many] = [
    await withOwnRatios(decoder, adapter, recorded, 1.05, 8192),
    await withOwnRatios(decoder, adapter, recorded, 2, 16)
  ]
  few.flat().forEach((sequence, i) => {
    const before = recorded.flat()[i]
    expect(sequence.completion).toEqual(before?.completion)
    sequence.old.forEach((own, token) => {
      // The sampler of this package scores as the trainer does, and 0.1 less was recorded.
      expect(Math.abs(own - (before?.old[token] ?? 0) - 0.1)).toBeLessThan(1e-4)
      expect(many.flat()[i]?.old[token]).toBeCloseTo(own, 5)
      expect(sequence.importance?.[token]).toBe(1.05)
      expect(many.flat()[i]?.importance?.[token]).toBeCloseTo(Math.exp(0.1), 3)
    })
  })
})

it.effect("with the same engine for drawing and learning, the cap changes nothing", () =>
  Effect.gen(function* () {
    const recorded = yield* update({}, drawn)
    const own = yield* update({ importanceCap: 2 }, drawn)
    expect(Math.abs((own.report?.loss ?? 0) - (recorded.report?.loss ?? 0))).toBeLessThan(1e-4)
    expect(
      Math.max(...own.weights.map((value, i) => Math.abs(value - (recorded.weights[i] ?? 0))))
    ).toBeLessThan(1e-3)
  })
)

it.effect("ratios start at 1 however another engine scored its draws", () =>
  Effect.gen(function* () {
    const apart = recordedApart(-0.3)
    const recorded = yield* update({ miniBatches: 1 }, apart)
    expect(recorded.report?.ratio).toBeCloseTo(Math.exp(0.3), 3)
    expect(recorded.report?.clippedHigh).toBeGreaterThan(0)
    const own = yield* update({ miniBatches: 1, importanceCap: 1.2 }, apart)
    expect(own.report?.ratio).toBeCloseTo(1, 6)
    expect(own.report?.clippedHigh).toBe(0)
    // Every weight is at its cap, and the loss that much larger; the gradient too, but Adam's first step has no scale.
    const even = yield* update({ miniBatches: 1, importanceCap: 1 }, apart)
    expect((own.report?.gradientNorm ?? 0) / (even.report?.gradientNorm ?? 1)).toBeCloseTo(1.2, 3)
  })
)
