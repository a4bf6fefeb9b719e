import { beforeAll, expect, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { seedKey } from "@tracer-sdk/core"
import { Effect } from "effect"
import * as fc from "fast-check"
import { tinyConfig } from "../../test/tiny-config.ts"
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
import { type HelperThreads, makeSampler, type SampleRequest } from "./index.ts"

beforeAll(() => quietly(loadCpu))

const config: DecoderConfig = {
  ...tinyConfig,
  vocabularySize: 19,
  hiddenSize: 12,
  intermediateSize: 20,
  layers: 2,
  heads: 4,
  keyValueHeads: 2,
  maximumPositions: 24,
  tiedEmbeddings: false
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

it.effect("log-probabilities are those of the truncated distribution that was drawn from", () =>
  Effect.gen(function* () {
    const { decoder } = makeDecoder()
    const sampler = yield* makeSampler(decoder)
    const prompt = [4, 5, 6]
    const ask = { prompt, samples: 40, temperature: 1.2, maxTokens: 1 }
    const all = yield* sampler.sample(request({ ...ask, samples: 1 }))
    const tokens = packSequences(
      Array.from({ length: config.vocabularySize }, (_, token) => ({ prompt, completion: [token] }))
    )
    const scores = tf.tidy(() =>
      logProbabilities(decoder, undefined, tokens, { temperature: 1.2 }).dataSync()
    )
    const plain = Array.from({ length: config.vocabularySize }, (_, token) =>
      Math.exp(scores[token * tokens.time + prompt.length - 1] ?? Number.NaN)
    )
    const [first] = all
    expect(Math.exp(first?.logProbabilities[0] ?? Number.NaN)).toBeCloseTo(plain[first?.ids[0] ?? -1] ?? 0, 5)
    const sorted = plain.map((p, token) => ({ p, token })).sort((a, b) => b.p - a.p)
    const cases = [
      { topK: 3, kept: sorted.slice(0, 3) },
      { topP: (sorted[0]?.p ?? 0) + (sorted[1]?.p ?? 0) / 2, kept: sorted.slice(0, 2) },
      { topK: 1, kept: sorted.slice(0, 1) }
    ]
    for (const { kept, ...truncation } of cases) {
      const mass = kept.reduce((sum, { p }) => sum + p, 0)
      const draws = yield* sampler.sample(request({ ...ask, ...truncation }))
      for (const { ids, logProbabilities: drawn } of draws) {
        const own = kept.find(({ token }) => token === ids[0])
        expect(Math.exp(drawn[0] ?? Number.NaN)).toBeCloseTo((own?.p ?? Number.NaN) / mass, 5)
      }
      expect(new Set(draws.map(({ ids }) => ids[0])).size).toBe(kept.length)
    }
  })
)

/** Token n is the n-th letter. */
const letters = { stream: () => ({ push: (id: number) => String.fromCharCode(96 + id), end: () => "" }) }

it.live("no setting of a request, nor when it is asked, changes what its batch mates draw", () =>
  Effect.gen(function* () {
    const { decoder, adapter } = makeDecoder()
    const requests = fc.array(
      fc.record({
        prompt: fc.array(fc.integer({ min: 1, max: 18 }), { minLength: 1, maxLength: 10 }),
        samples: fc.integer({ min: 1, max: 3 }),
        seed: fc.nat(1000),
        temperature: fc.constantFrom(0, 0.7, 1, 1.5),
        maxTokens: fc.integer({ min: 1, max: 8 }),
        topP: fc.constantFrom(0.5, 0.95, 1),
        topK: fc.constantFrom(1, 4, 19),
        stop: fc.constantFrom<ReadonlyArray<string>>([], ["c"], ["ab", "fg"]),
        adapter: fc.constantFrom(undefined, adapter)
      }),
      { minLength: 2, maxLength: 8 }
    )
    for (const batch of fc.sample(requests, { numRuns: 25, seed: 5 })) {
      const together = yield* makeSampler(decoder, { tokenizer: letters })
      // Some come at once, others after a step or two.
      const atSomeTime = batch.map((one, i) =>
        Effect.andThen(i % 3 === 0 ? Effect.void : Effect.sleep(i % 3), together.sample(one))
      )
      const drawn = yield* Effect.all(atSomeTime, { concurrency: "unbounded" })
      const apart = yield* makeSampler(decoder, { tokenizer: letters })
      const last = yield* Effect.forEach(batch.toReversed(), (one) => apart.sample(one))
      expect(drawn).toEqual(last.toReversed())
    }
  })
)

it.effect(
  "a stop string ends a continuation with the token that completes it, and nothing changes before",
  () =>
    Effect.gen(function* () {
      const { decoder } = makeDecoder()
      const sampler = yield* makeSampler(decoder, { tokenizer: letters })
      const [whole] = yield* sampler.sample(request({ samples: 1 }))
      const ids = whole?.ids ?? []
      const stop = ids
        .slice(2, 4)
        .map((id) => String.fromCharCode(96 + id))
        .join("")
      const [stopped] = yield* sampler.sample(request({ samples: 1, stop: ["~~", stop] }))
      expect(stopped).toEqual({
        ids: ids.slice(0, 4),
        logProbabilities: whole?.logProbabilities.slice(0, 4),
        finish: "stop"
      })
      const without = yield* Effect.flip((yield* makeSampler(decoder)).sample(request({ stop: ["a"] })))
      expect(without.hint).toContain("tokenizer")
    })
)

it.effect("a listener that throws fails its own request alone", () =>
  Effect.gen(function* () {
    const { decoder } = makeDecoder()
    const sampler = yield* makeSampler(decoder, { tokenizer: letters })
    const alone = yield* sampler.sample(request({}))
    const onText = () => {
      throw new Error("deaf")
    }
    const [failed, kept] = yield* Effect.all(
      [Effect.flip(sampler.sample(request({ seed: 1, onText }))), sampler.sample(request({}))],
      { concurrency: 2 }
    )
    expect(failed.message).toContain("deaf")
    expect(failed.hint).toContain("onText")
    expect(kept).toEqual(alone)
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

it.effect("prompts that are kept leave room for requests to run side by side", () =>
  Effect.gen(function* () {
    const { decoder, adapter } = makeDecoder()
    const endless = { ...decoder, config: { ...config, endTokens: [] } }
    // Room for 30 positions: a kept prompt of 20 would leave 10.
    const sampler = yield* makeSampler(endless, { tokenizer: letters, maximumCacheBytes: 30 * 256 })
    yield* sampler.sample(
      request({ prompt: Array.from({ length: 20 }, () => 1), samples: 1, maxTokens: 4, adapter })
    )
    const told: Array<number> = []
    const asked = [0, 1].map((which) =>
      sampler.sample(request({ samples: 1, seed: which, onText: () => told.push(which) }))
    )
    yield* Effect.all(asked, { concurrency: 2 })
    expect(told.indexOf(1)).toBeLessThan(told.lastIndexOf(0))
  })
)

it.effect("a temperature next to 0 draws what 0 does", () =>
  Effect.gen(function* () {
    const sampler = yield* makeSampler(makeDecoder().decoder)
    const greedy = yield* sampler.sample(request({ temperature: 0 }))
    for (const temperature of [1e-9, 1e-40]) {
      const draws = yield* sampler.sample(request({ temperature }))
      expect(draws.map(({ ids }) => ids)).toEqual(greedy.map(({ ids }) => ids))
    }
  })
)

it.effect("numbers that are not whole are refused", () =>
  Effect.gen(function* () {
    const sampler = yield* makeSampler(makeDecoder().decoder)
    for (const change of [{ samples: 1.5 }, { maxTokens: 2.5 }, { topK: 1.5 }, { prompt: [1, 0.5] }]) {
      const { message } = yield* Effect.flip(sampler.sample(request(change)))
      expect(message).toMatch(/[012]\.5/)
    }
  })
)

it.effect("a request that no memory is left for is refused with its size, and the others go on", () =>
  Effect.gen(function* () {
    const { decoder } = makeDecoder()
    const roomy = { ...decoder, config: { ...config, maximumPositions: 12_000_000 } }
    const sampler = yield* makeSampler(roomy)
    const alone = yield* sampler.sample(request({}))
    const large = request({ samples: 4, maxTokens: 11_000_000, seed: 2 })
    const [refused, kept, after] = yield* Effect.all(
      [Effect.flip(sampler.sample(large)), sampler.sample(request({})), sampler.sample(request({ seed: 3 }))],
      { concurrency: 3 }
    )
    // Keys and values of 2 layers and 2 heads, padded to 8 features: 256 bytes for a position.
    expect(refused.message).toMatch(/4 samples of up to 11000000 tokens .* take 10,743 MiB/)
    expect(refused.hint).toContain("sampling.maxTokens")
    expect(kept).toEqual(alone)
    expect(after.length).toBe(3)
  })
)

/** Threads that are lost when the `product`-th product is to be shared, and help with no other. */
const failingAt = (product: number): HelperThreads => {
  let products = 0
  const mailbox = () => {
    if (++products === product) throw new Error("a thread was lost")
    return undefined
  }
  return { join: () => ({ mailbox, dismiss: () => {} }) }
}

it.effect("a failure in the middle of a batch fails its requests whole, and later ones are served", () =>
  Effect.gen(function* () {
    const decoder = createDecoder({ ...config, vocabularySize: 16_000, endTokens: [] }, 1)
    const ask = request({ maxTokens: 6, samples: 3 })
    // The six rows' logits are the only products large enough to be shared: this is the third step's.
    const sampler = yield* makeSampler(decoder, { helpers: failingAt(3) })
    const [failed, other] = yield* Effect.all(
      [Effect.flip(sampler.sample(ask)), Effect.flip(sampler.sample({ ...ask, seed: 8 }))],
      { concurrency: "unbounded" }
    )
    for (const { message } of [failed, other]) expect(message).toContain("a thread was lost")
    const alone = yield* (yield* makeSampler(decoder)).sample(ask)
    expect(yield* sampler.sample(ask)).toEqual(alone)
  })
)
