import * as tf from "@tensorflow/tfjs"
import { type Adapter, type Decoder, logProbabilities } from "../decoder/index.ts"
import type { ScoredBatch } from "./batching.ts"

/**
 * The log-probabilities in nats of a batch's completions, at the temperature they were drawn at: `[sequence, token]`. Differentiable
 * like `logProbabilities`.
 */
export const scoreBatch = (
  decoder: Decoder,
  adapter: Adapter | undefined,
  { tokens, temperature, places, loss }: ScoredBatch,
  { checkpointing = false }: { readonly checkpointing?: boolean } = {}
): tf.Tensor => {
  const all = tf.reshape(logProbabilities(decoder, adapter, tokens, { temperature, checkpointing }), [-1])
  return tf.reshape(tf.gather(all, tf.tensor(places, [places.length], "int32")), [loss.batch, loss.time])
}
