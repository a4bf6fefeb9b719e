import * as tf from "@tensorflow/tfjs"
import { type CreditedGroup, exactGrader, type PolicyError } from "@tracer-sdk/core"
import { Effect } from "effect"
import type { AdapterStore } from "../src/adapter/index.ts"
import { createDecoder, type Decoder, type DecoderConfig } from "../src/decoder/index.ts"
import type { Sampler } from "../src/sampler/index.ts"
import { tinyConfig } from "./tiny-config.ts"

const config: DecoderConfig = { ...tinyConfig, maximumPositions: 48 }

/** A decoder of some 600 weights, with embeddings wide enough that adapters can move its distribution; token 0 ends a completion. */
export const tinyDecoder = (seed: number): Decoder => {
  const decoder = createDecoder(config, seed)
  const embeddings = decoder.weights["model.embed_tokens.weight"]
  if (embeddings instanceof tf.Variable) tf.tidy(() => embeddings.assign(tf.mul(embeddings, 15)))
  return decoder
}

/** What groups are drawn at. */
export const temperature = 0.8

/** Four completions of the solver's proposer drawn with the current weights, rewarded by `reward` of their token ids. */
export const drawGroup = Effect.fnUntraced(function* (
  sampler: Sampler,
  store: AdapterStore,
  seed: number,
  reward: (ids: ReadonlyArray<number>) => number
): Effect.fn.Return<CreditedGroup, PolicyError> {
  const prompt = Array.from({ length: 2 + (seed % 5) }, (_, i) => 1 + ((seed + i * i) % 6))
  const adapter = store.get("solver", "proposer")
  const drawn = yield* sampler.sample({ prompt, samples: 4, seed, temperature, maxTokens: 5, adapter })
  const task = { id: `task-${seed}`, question: "?", gold: "1" }
  return {
    episode: seed,
    agent: "solver",
    seat: "proposer",
    role: "proposer",
    round: 1,
    task,
    grader: exactGrader,
    view: { task, transcript: [] },
    prompt: { messages: [{ role: "user", content: "?" }] },
    sampling: { temperature, maxTokens: 5 },
    utterances: drawn.map(({ ids, logProbabilities, finish }) => ({
      completion: {
        text: ids.join(" "),
        usage: { prompt: prompt.length, completion: ids.length },
        finish,
        tokens: { prompt, ids, logProbabilities }
      },
      reading: { kind: "comment" as const }
    })),
    credit: { rewards: drawn.map(({ ids }) => reward(ids)), weight: 1 }
  }
})
