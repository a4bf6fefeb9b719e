import * as tf from "@tensorflow/tfjs"
import { type CreditedGroup, exactGrader, pickIndex, seedKey, split, uniform } from "@tracer-sdk/core"
import type { AdapterStore } from "../src/adapter/index.ts"
import { type DecoderConfig, forwardLogits, packSequences } from "../src/decoder/index.ts"

/** A decoder of 1,000 weights; token 0 ends a completion. */
export const tinyConfig: DecoderConfig = {
  vocabularySize: 7,
  hiddenSize: 8,
  intermediateSize: 12,
  layers: 1,
  heads: 2,
  keyValueHeads: 1,
  headSize: 4,
  maximumPositions: 48,
  ropeTheta: 10_000,
  rmsNormEpsilon: 1e-5,
  tiedEmbeddings: true,
  endTokens: [0]
}

const temperature = 0.8
const maxTokens = 5

/** Draws completions token by token from the logits of the whole sequence: slow, and with nothing in common with the sampler. */
const draw = (
  { decoder, get }: AdapterStore,
  agent: string,
  role: string,
  prompt: ReadonlyArray<number>,
  seed: number
) => {
  const ids: Array<number> = []
  const logProbabilities: Array<number> = []
  while (ids.length < maxTokens && ids.at(-1) !== 0) {
    const logs = tf.tidy(() => {
      const logits = forwardLogits(
        decoder,
        get(agent, role),
        packSequences([{ prompt: [...prompt, ...ids], completion: [0] }])
      )
      const last = tf.slice(logits, [prompt.length + ids.length - 1, 0], [1, -1])
      return Array.from(tf.logSoftmax(tf.div(tf.reshape(last, [-1]), temperature)).dataSync())
    })
    const id = pickIndex(logs.map(Math.exp), uniform(split(seedKey(seed), "draw"), ids.length))
    ids.push(id)
    logProbabilities.push(logs[id] ?? Number.NaN)
  }
  return { prompt, ids, logProbabilities }
}

/** Four completions of the solver's proposer drawn with the current weights, rewarded by `reward` of their token ids. */
export const drawGroup = (
  store: AdapterStore,
  seed: number,
  reward: (ids: ReadonlyArray<number>) => number
): CreditedGroup => {
  const [agent, role] = ["solver", "proposer"]
  const prompt = Array.from({ length: 2 + (seed % 5) }, (_, i) => 1 + ((seed + i * i) % 6))
  const drawn = Array.from({ length: 4 }, (_, i) => draw(store, agent, role, prompt, seed * 100 + i))
  const task = { id: `task-${seed}`, question: "?", gold: "1" }
  return {
    episode: seed,
    agent,
    seat: role,
    role,
    round: 1,
    task,
    grader: exactGrader,
    view: { task, transcript: [] },
    prompt: { messages: [{ role: "user", content: "?" }] },
    temperature,
    utterances: drawn.map((tokens) => ({
      completion: {
        text: tokens.ids.join(" "),
        usage: { prompt: prompt.length, completion: tokens.ids.length },
        finish: tokens.ids.at(-1) === 0 ? ("stop" as const) : ("length" as const),
        tokens
      },
      reading: { kind: "comment" as const }
    })),
    credit: { rewards: drawn.map(({ ids }) => reward(ids)), weight: 1 }
  }
}
