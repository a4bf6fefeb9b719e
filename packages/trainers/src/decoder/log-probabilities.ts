import * as tf from "@tensorflow/tfjs"
import { type ForwardOptions, forward } from "./forward.ts"
import { tableOf } from "./row-table.ts"
import { tokenScores } from "./token-scores.ts"
import type { Adapter, Decoder, TokenBatch } from "./types.ts"
import { headName } from "./weight-shapes.ts"

/** Logits held at once, above which they are formed in chunks of rows. */
const largestLogits = 4_194_304

/** Fewer rows at once would read a large head more often than it is worth. */
const leastRows = 128

/** How to score tokens. */
export interface ScoreOptions extends ForwardOptions {
  /** The temperature that the tokens were drawn at; above 0. */
  readonly temperature: number
  /** The most logits in memory at once; by default 4 Mi (16 MiB), or those of 128 rows if that is more. */
  readonly maximumLogits?: number
}

/** Where the mask is not 0, and for each position its place among those; masked positions point past the end. */
const wanted = (mask: Float32Array): { readonly rows: Int32Array; readonly places: Int32Array } => {
  const rows: Array<number> = []
  for (let i = 0; i < mask.length; i++) if (mask[i] !== 0) rows.push(i)
  const places = new Int32Array(mask.length).fill(rows.length)
  rows.forEach((row, place) => {
    places[row] = place
  })
  return { rows: Int32Array.from(rows), places }
}

/**
 * The log-probability in nats of each target after the tokens before it, at a temperature: `[batch, time]`, 0 where the mask is 0.
 *
 * The output head sees only the positions that the mask wants, and logits beyond `maximumLogits` are never all in memory.
 * Differentiable like `forward`.
 */
export const logProbabilities = (
  decoder: Decoder,
  adapter: Adapter | undefined,
  tokens: TokenBatch,
  { temperature, maximumLogits, ...options }: ScoreOptions
): tf.Tensor => {
  const { batch, time, mask, targets } = tokens
  const { rows, places } = wanted(mask)
  if (rows.length === 0) return tf.zeros([batch, time])
  const hidden = tf.gather(
    forward(decoder, adapter, tokens, options),
    tf.tensor(rows, [rows.length], "int32")
  )
  const head = tableOf(decoder, adapter, headName(decoder.config))
  const target = tf.tensor1d(
    rows.map((row) => targets[row] ?? 0),
    "int32"
  )
  const rowsAtOnce = Math.max(
    maximumLogits === undefined ? leastRows : 1,
    Math.floor((maximumLogits ?? largestLogits) / decoder.config.vocabularySize)
  )
  const scores = tokenScores({ hidden, head, targets: target, temperature, rowsAtOnce })
  const padded = tf.concat([scores, tf.zeros([1])])
  return tf.reshape(tf.gather(padded, tf.tensor(places, [batch * time], "int32")), [batch, time])
}
