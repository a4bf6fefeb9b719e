import * as tf from "@tensorflow/tfjs"
import { Effect } from "effect"
import {
  type Adapter,
  type Decoder,
  loadDecoder,
  logProbabilities,
  packSequences
} from "../src/decoder/index.ts"
import { nanoModelDirectory } from "../src/local/index.ts"
import { type DrawnTokens, makeSampler, type SampleRequest } from "../src/sampler/index.ts"
import { type ChatTokenizer, loadChatTokenizer } from "../src/tokenizer/index.ts"

/** What a server of the small model draws with: weights of its own, apart from those of the test. */
export interface NanoEngine {
  readonly decoder: Decoder
  readonly tokenizer: ChatTokenizer
  readonly draw: (request: SampleRequest) => Promise<ReadonlyArray<DrawnTokens>>
  /** The log-probabilities of a drawn completion at temperature 1. */
  readonly rawScores: (
    prompt: ReadonlyArray<number>,
    draw: DrawnTokens,
    adapter: Adapter | undefined
  ) => ReadonlyArray<number>
}

/** The small model, read from its directory. */
export const nanoEngine = Effect.gen(function* () {
  const decoder = yield* Effect.acquireRelease(loadDecoder(nanoModelDirectory), (loaded) =>
    Effect.sync(() => loaded.dispose())
  )
  const tokenizer = yield* loadChatTokenizer(nanoModelDirectory)
  const sampler = yield* makeSampler(decoder, { tokenizer })
  const engine: NanoEngine = {
    decoder,
    tokenizer,
    draw: (request) => Effect.runPromise(sampler.sample(request)),
    rawScores: (prompt, { ids }, adapter) =>
      tf.tidy(() => {
        const batch = packSequences([{ prompt, completion: ids }])
        const scores = logProbabilities(decoder, adapter, batch, { temperature: 1 }).dataSync()
        return [...scores.slice(prompt.length - 1)]
      })
  }
  return engine
})
