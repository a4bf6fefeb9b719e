import * as tf from "@tensorflow/tfjs"
import { type Decoder, logProbabilities, packSequences, type TokenSequence } from "../decoder/index.ts"

/**
 * The log-probabilities in nats that a decoder without adapter gives the tokens of completions, each after the same prompt, at a
 * temperature. Completions have at least one token.
 */
export const scoresOf = async (
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
