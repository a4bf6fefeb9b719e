import * as tf from "@tensorflow/tfjs"
import { PolicyError } from "@tracer-sdk/core"
import { Effect } from "effect"
import { type Decoder, logProbabilities, packSequences, type TokenSequence } from "../decoder/index.ts"

const score = async (
  decoder: Decoder,
  sequences: ReadonlyArray<TokenSequence>,
  temperature: number
): Promise<ReadonlyArray<ReadonlyArray<number>>> => {
  const batch = packSequences(sequences)
  const scores = tf.tidy(() => logProbabilities(decoder, undefined, batch, { temperature }))
  try {
    const values = await scores.data()
    return sequences.map(({ prompt, completion }, row) => {
      const first = row * batch.time + prompt.length - 1
      return [...values.slice(first, first + completion.length)]
    })
  } finally {
    scores.dispose()
  }
}

const failure = (sequences: ReadonlyArray<TokenSequence>, cause: unknown): PolicyError => {
  const longest = Math.max(...sequences.map(({ prompt, completion }) => prompt.length + completion.length))
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new PolicyError({
    message: `${sequences.length} sequences of up to ${longest} tokens could not be scored with the model here: ${reason}`,
    hint: "Where memory ran out, shorten the prompts, lower sampling.maxTokens, or give the policy another backend.",
    retryable: false,
    cause
  })
}

/**
 * The log-probabilities in nats that a decoder without adapter gives the tokens of completions, each after its prompt, at a temperature. Completions
 * have at least one token. Fails with a `PolicyError` where the backend fails.
 */
export const scoresOf = (
  decoder: Decoder,
  sequences: ReadonlyArray<TokenSequence>,
  temperature: number
): Effect.Effect<ReadonlyArray<ReadonlyArray<number>>, PolicyError> =>
  Effect.tryPromise({
    try: () => score(decoder, sequences, temperature),
    catch: (cause) => failure(sequences, cause)
  })
