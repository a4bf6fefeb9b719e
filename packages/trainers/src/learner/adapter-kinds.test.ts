import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import type { CreditedGroup } from "@tracer-sdk/core"
import { Effect } from "effect"
import { beforeAll, describe } from "vitest"
import { drawGroup, tinyDecoder } from "../../test/drawn-groups.ts"
import { temporaryDirectory } from "../../test/temporary-directory.ts"
import { tinyConfig } from "../../test/tiny-config.ts"
import { defaultAdapterConfig, makeAdapterStore } from "../adapter/index.ts"
import { loadBackend } from "../backend/index.ts"
import type { AdapterConfig, Decoder } from "../decoder/index.ts"
import { makeSampler } from "../sampler/index.ts"
import { gspoLearner } from "./gspo-learner.ts"
import type { GspoOptionsInput } from "./options.ts"

let decoder: Decoder
let drawn: ReadonlyArray<CreditedGroup>
beforeAll(async () => {
  await Effect.runPromise(loadBackend({ prefer: "wasm" }))
  decoder = tinyDecoder(5)
  const store = makeAdapterStore(decoder, 11)
  const sampler = await Effect.runPromise(makeSampler(decoder))
  const draw = (seed: number) => drawGroup(sampler, store, seed, (ids) => (ids.length % 2 === 0 ? 1 : -1))
  drawn = await Effect.runPromise(Effect.forEach([1, 2, 3, 4, 5, 6], draw))
  store.dispose()
})

const lora = defaultAdapterConfig(tinyConfig)
const gspo: GspoOptionsInput = { variant: "gspo" }
const gspoToken: GspoOptionsInput = { variant: "gspo-token", kl: 0.1 }
const grpo: GspoOptionsInput = { variant: "grpo", importanceCap: 2, maxTokensPerStep: 48 }
interface Kind {
  readonly name: string
  readonly config: AdapterConfig
  readonly losses: ReadonlyArray<GspoOptionsInput>
}
const kinds: ReadonlyArray<Kind> = [
  { name: "LoRA", config: lora, losses: [gspo, gspoToken, grpo] },
  {
    name: "LoRA with dropout",
    config: { ...lora, dropout: 0.2 },
    losses: [{ ...gspo, checkpointing: true }]
  },
  { name: "the last layers", config: { kind: "layers", last: 1 }, losses: [grpo] },
  { name: "all weights", config: { kind: "full" }, losses: [gspoToken] }
]

const setup = (config: AdapterConfig, options: GspoOptionsInput = {}) => {
  const store = makeAdapterStore(decoder, 11, config)
  const learner = gspoLearner({
    seed: 3,
    adapters: () => store,
    options: { maskTruncated: false, miniBatches: 2, ...options }
  })
  const weights = () =>
    Object.entries(store.get("solver", "proposer").variables).map(
      ([name, variable]) => [name, Array.from(variable.dataSync())] as const
    )
  return { store, learner, weights }
}

describe.each(kinds)("a training of $name", ({ config, losses }) => {
  it.effect("ends in the same bits when it is stopped, saved and resumed", () =>
    Effect.gen(function* () {
      const directory = yield* temporaryDirectory
      const options: GspoOptionsInput = { epochs: 2, maxTokensPerStep: 48, kl: 0.05, learningRate: 0.02 }
      const straight = setup(config, options)
      const start = straight.weights()
      yield* straight.learner.update(drawn.slice(0, 3))
      yield* straight.learner.update(drawn.slice(2, 5))
      yield* straight.learner.save(directory)
      expect(straight.weights()).not.toEqual(start)

      const resumed = setup(config, options)
      yield* resumed.learner.load(directory)
      expect(resumed.weights()).toEqual(straight.weights())
      for (const more of [drawn.slice(3), drawn.slice(1, 4)]) {
        expect(yield* resumed.learner.update(more)).toEqual(yield* straight.learner.update(more))
        expect(resumed.weights()).toEqual(straight.weights())
      }
      yield* resumed.learner.save(join(directory, "resumed"))
      yield* straight.learner.save(join(directory, "straight"))
      const file = (of: string) =>
        readFileSync(join(directory, of, "solver.proposer", "optimizer.safetensors"))
      expect(file("resumed").equals(file("straight"))).toBe(true)
    }).pipe(Effect.scoped)
  )

  it.effect("is drawn from with the weights that were trained: ratios start at 1 again", () =>
    Effect.gen(function* () {
      // Dropout is part of a training step, not of drawing: with it ratios start near 1 only.
      const still = config.kind === "lora" ? { ...config, dropout: 0 } : config
      const { store, learner } = setup(still, { epochs: 4, learningRate: 0.03, epsilonHigh: 1 })
      const sampler = yield* makeSampler(decoder)
      yield* learner.update(drawn)
      const fresh = yield* Effect.forEach([7, 8, 9], (seed) =>
        drawGroup(sampler, store, seed, (ids) => (ids.length % 2 === 0 ? 1 : -1))
      )
      const once = gspoLearner({
        seed: 3,
        adapters: () => store,
        options: { maskTruncated: false, miniBatches: 1, learningRate: 1e-9 }
      })
      const ratioOf = Effect.fnUntraced(function* (group: CreditedGroup) {
        const credit = { rewards: [1, -1, -1, -1], weight: 1 }
        const [report] = yield* once.update([{ ...group, credit }])
        return report?.ratio ?? Number.NaN
      })
      for (const group of fresh) expect(Math.abs((yield* ratioOf(group)) - 1)).toBeLessThan(1e-4)
      const stale = yield* Effect.forEach(drawn, ratioOf)
      expect(Math.max(...stale.map((ratio) => Math.abs(ratio - 1)))).toBeGreaterThan(1e-2)
    })
  )

  it.effect("leaves the base model as it was", () =>
    Effect.gen(function* () {
      const before = Object.values(decoder.weights).map((weight) => Array.from(weight.dataSync()))
      const { learner } = setup(config, { learningRate: 0.1 })
      yield* learner.update(drawn)
      expect(Object.values(decoder.weights).map((weight) => Array.from(weight.dataSync()))).toEqual(before)
    })
  )

  it.effect("keeps as many tensors after 50 steps as after 5, and none when it is disposed of", () =>
    Effect.gen(function* () {
      const before = tf.memory().numTensors
      for (const options of losses) {
        const { store, learner } = setup(config, { ...options, miniBatches: 5, epochs: 1 })
        const [first] = yield* learner.update(drawn.slice(0, 5))
        expect(first?.steps).toBeGreaterThan(0)
        const held = tf.memory().numTensors
        let steps = 0
        while (steps < 45) {
          const [report] = yield* learner.update(drawn)
          steps += report?.steps ?? 45
        }
        expect(tf.memory().numTensors).toBe(held)
        learner.dispose()
        store.dispose()
        expect(tf.memory().numTensors).toBe(before)
      }
    })
  )
})
