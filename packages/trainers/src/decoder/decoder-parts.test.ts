import { expect, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { Effect } from "effect"
import { referenceModels } from "../../test/reference-models.ts"
import { loadBackend } from "../backend/index.ts"
import { type DecoderConfig, forwardLogits, loadDecoder, packSequences } from "./index.ts"

type Change = (config: DecoderConfig) => Partial<DecoderConfig>

const unscaled: Change = ({ rope: { scaling, ...rope } }) => ({ rope })
const unsharpened: Change = ({ rope }) =>
  rope.scaling !== undefined && "attentionFactor" in rope.scaling
    ? { rope: { ...rope, scaling: { ...rope.scaling, attentionFactor: 1 } } }
    : {}
const unbiased: Change = () => ({ biases: [] })
const everywhere: Change = ({ layers }) => ({
  slidingWindows: Array.from({ length: layers }, () => undefined)
})
const narrower: Change = ({ slidingWindows = [] }) => ({
  slidingWindows: slidingWindows.map((window) => (window === undefined ? undefined : window - 1))
})

/** What a decoder would be if a part of it were left out or a little off. */
const changes: Readonly<Record<string, Readonly<Record<string, Change>>>> = {
  llama3: { "without scaled positions": unscaled },
  "llama-linear": { "without scaled positions": unscaled, "without biases": unbiased },
  mistral: { "without windows": everywhere, "with windows one token narrower": narrower },
  qwen2: {
    "without windows": everywhere,
    "with windows in every layer": () => ({ slidingWindows: [7, 7] }),
    "without biases": unbiased
  },
  "qwen2-yarn": { "without scaled positions": unscaled, "without its attention factor": unsharpened },
  qwen3: { "without norms of queries and keys": () => ({ queryKeyNorm: false }) },
  phi3: {
    "without its attention factor": unsharpened,
    "with all features rotated": ({ rope: { rotatedFeatures, ...rope } }) => ({ rope }),
    "with the long factors": () => ({ maximumPositions: 160 })
  },
  "phi3 at 160 positions": {
    "with the short factors": ({ rope }) =>
      rope.scaling?.kind === "longrope"
        ? { rope: { ...rope, scaling: { ...rope.scaling, originalPositions: 160 } } }
        : {},
    "with windows one token narrower": narrower
  }
}

for (const { name, directory, load, expected } of referenceModels) {
  it.effect(`the logits of ${name} show each of its parts`, () =>
    Effect.gen(function* () {
      yield* loadBackend({ prefer: "wasm" })
      const decoder = yield* loadDecoder(directory, load)
      const tokens = packSequences(expected.ids.map((ids) => ({ prompt: ids, completion: [0] })))
      const logits = expected.logits.flat()
      const ofModel = changes[name] ?? {}
      expect(Object.keys(ofModel).length).toBeGreaterThan(0)
      for (const [part, change] of Object.entries(ofModel)) {
        const changed = { ...decoder, config: { ...decoder.config, ...change(decoder.config) } }
        const found = tf.tidy(() => forwardLogits(changed, undefined, tokens).dataSync())
        const difference = Math.max(...logits.map((value, i) => Math.abs(value - (found[i] ?? Number.NaN))))
        expect(difference, part).toBeGreaterThan(0.05)
      }
      decoder.dispose()
    })
  )
}
