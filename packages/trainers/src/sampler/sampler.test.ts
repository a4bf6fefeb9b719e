import { beforeAll, expect, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { seedKey } from "@tracer-sdk/core"
import { Effect } from "effect"
import { createAdapter } from "../adapter/index.ts"
import { loadCpu } from "../backend/cpu.ts"
import { quietly } from "../backend/quietly.ts"
import {
  createDecoder,
  type DecoderConfig,
  forwardLogits,
  linearModules,
  logProbabilities,
  packSequences
} from "../decoder/index.ts"
import { makeSampler, type SampleRequest } from "./index.ts"

beforeAll(() => quietly(loadCpu))

const config: DecoderConfig = {
  modelType: "llama",
  vocabularySize: 19,
  hiddenSize: 12,
  intermediateSize: 20,
  layers: 2,
  heads: 4,
  keyValueHeads: 2,
  headSize: 4,
  maximumPositions: 24,
  rope: { theta: 10_000 },
  rmsNormEpsilon: 1e-5,
  tiedEmbeddings: false,
  biases: [],
  queryKeyNorm: false,
  fusedProjections: false,
  endTokens: [0]
}

/** A decoder whose weights are large enough for its distributions to be far from uniform. */
const makeDecoder = () => {
  const decoder = createDecoder(config, 1)
  for (const variable of Object.values(decoder.weights)) {
    if (variable instanceof tf.Variable && variable.rank === 2)
      tf.tidy(() => variable.assign(tf.mul(variable, 15)))
  }
  const adapter = createAdapter(
    "a.b",
    decoder,
    { kind: "lora", rank: 2, alpha: 4, dropout: 0, targets: linearModules(config) },
    seedKey(9)
  )
  for (const [name, variable] of Object.entries(adapter.variables)) {
    if (name.endsWith("lora_B.weight"))
      tf.tidy(() => variable.assign(tf.randomNormal(variable.shape, 0, 0.3, "float32", 4)))
  }
  return { decoder, adapter }
}

const request = (change: Partial<SampleRequest>): SampleRequest => ({
  prompt: [1, 2, 3],
  samples: 3,
  seed: 7,
  temperature: 0.9,
  maxTokens: 8,
  adapter: undefined,
  ...change
})

it.effect("recorded log-probabilities are those of the training pass, with and without an adapter", () =>
  Effect.gen(function* () {
    const { decoder, adapter } = makeDecoder()
    const sampler = yield* makeSampler(decoder)
    for (const which of [undefined, adapter]) {
      const prompt = [4, 5, 6, 7, 8]
      const draws = yield* sampler.sample(request({ prompt, samples: 5, adapter: which }))
      expect(draws.length).toBe(5)
      const tokens = packSequences(draws.map(({ ids }) => ({ prompt, completion: ids })))
      const scores = tf.tidy(() => logProbabilities(decoder, which, tokens, { temperature: 0.9 }).dataSync())
      draws.forEach((draw, row) => {
        draw.logProbabilities.forEach((value, i) => {
          expect(
            Math.abs(value - (scores[row * tokens.time + prompt.length - 1 + i] ?? Number.NaN))
          ).toBeLessThan(1e-4)
        })
      })
    }
  })
)

it.effect("a request's draws do not depend on who shares its batch", () =>
  Effect.gen(function* () {
    const { decoder, adapter } = makeDecoder()
    const alone = yield* (yield* makeSampler(decoder)).sample(request({ adapter }))
    const sampler = yield* makeSampler(decoder)
    const crowd = Array.from({ length: 40 }, (_, i) =>
      sampler.sample(
        request({
          prompt: Array.from({ length: 1 + (i % 9) }, (_, t) => 1 + t),
          seed: i,
          samples: 1 + (i % 4),
          adapter
        })
      )
    )
    const all = yield* Effect.all([...crowd, sampler.sample(request({ adapter })), ...crowd], {
      concurrency: "unbounded"
    })
    expect(all[40]).toEqual(alone)
    expect(all.slice(0, 40)).toEqual(all.slice(41))
  })
)

it.effect("a prompt that begins like another is read from where they part, with the same draws", () =>
  Effect.gen(function* () {
    const { decoder } = makeDecoder()
    const start = [5, 6, 7, 8, 9, 10, 11, 12, 13, 14]
    const prompts = [[...start, 1, 2], [...start, 1, 3, 4], [...start, 1, 2], start, [...start, 2]]
    const ask = (prompt: ReadonlyArray<number>) => request({ prompt })
    const apart = yield* Effect.forEach(prompts, (prompt) =>
      Effect.flatMap(makeSampler(decoder), (sampler) => sampler.sample(ask(prompt)))
    )
    const sampler = yield* makeSampler(decoder)
    const inTurn = yield* Effect.forEach(prompts, (prompt) => sampler.sample(ask(prompt)))
    const other = yield* makeSampler(decoder)
    const atOnce = yield* Effect.forEach(prompts, (prompt) => other.sample(ask(prompt)), {
      concurrency: "unbounded"
    })
    expect(inTurn).toEqual(apart)
    expect(atOnce).toEqual(apart)
  })
)

it.effect("greedy draws follow the largest logit, and stop at the model's last position", () =>
  Effect.gen(function* () {
    const { decoder } = makeDecoder()
    const sampler = yield* makeSampler(decoder)
    const prompt = [3, 1, 4]
    const [draw] = yield* sampler.sample(request({ prompt, samples: 1, temperature: 0, maxTokens: 100 }))
    const ids = draw?.ids ?? []
    expect(draw?.finish === "stop" ? ids.at(-1) : ids.length).toBe(draw?.finish === "stop" ? 0 : 21)
    const tokens = packSequences([{ prompt, completion: ids }])
    const best = tf.tidy(() => tf.argMax(forwardLogits(decoder, undefined, tokens), -1).dataSync())
    expect(ids).toEqual([...best.slice(prompt.length - 1)])
  })
)

it.effect("an adapter's new revision is drawn from as soon as it is there", () =>
  Effect.gen(function* () {
    const { decoder, adapter } = makeDecoder()
    const sampler = yield* makeSampler(decoder)
    const before = yield* sampler.sample(request({ adapter }))
    for (const variable of Object.values(adapter.variables))
      tf.tidy(() => variable.assign(tf.zerosLike(variable)))
    expect(yield* sampler.sample(request({ adapter }))).toEqual(before)
    adapter.revision += 1
    const after = yield* sampler.sample(request({ adapter }))
    expect(after).toEqual(yield* sampler.sample(request({})))
    expect(after).not.toEqual(before)
  })
)

it.effect("a prompt that leaves no room is refused, and an interrupted request leaves the others alone", () =>
  Effect.gen(function* () {
    const { decoder } = makeDecoder()
    const sampler = yield* makeSampler(decoder)
    const refused = yield* Effect.flip(
      sampler.sample(request({ prompt: Array.from({ length: 24 }, () => 1) }))
    )
    expect(refused.message).toContain("24 tokens")
    const alone = yield* sampler.sample(request({}))
    const [, kept] = yield* Effect.all(
      [Effect.race(sampler.sample(request({ seed: 1 })), Effect.yieldNow), sampler.sample(request({}))],
      { concurrency: 2 }
    )
    expect(kept).toEqual(alone)
  })
)
