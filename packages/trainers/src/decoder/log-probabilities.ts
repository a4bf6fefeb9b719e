import * as tf from "@tensorflow/tfjs"
import { forward } from "./forward.ts"
import type { Adapter, Decoder, TokenBatch } from "./types.ts"
import { isTrainable, weightOf } from "./weight.ts"
import { headName } from "./weight-shapes.ts"
import { savedTensor, withGradient } from "./with-gradient.ts"

/** Logits held at once, above which they are formed in chunks of rows, and again for the gradient. */
const largestLogits = 4_194_304

/** How to score tokens. */
export interface ScoreOptions {
  /** The temperature that the tokens were drawn at; above 0. */
  readonly temperature: number
  /** The most logits in memory at once; by default 4 Mi (16 MiB). */
  readonly maximumLogits?: number
}

/** `log softmax` at the targets `[rows]`, with what its gradient needs: the probabilities minus one at each target, negated. */
const scoreRows = (hidden: tf.Tensor, head: tf.Tensor, targets: tf.Tensor, temperature: number) => {
  const logits = tf.div(tf.matMul(hidden, head, false, true), temperature)
  const shifted = tf.sub(logits, tf.max(logits, -1, true))
  const exponentials = tf.exp(shifted)
  const total = tf.sum(exponentials, -1, true)
  // Asked for floats, wasm's oneHot writes the bits of integers.
  const chosen = tf.cast(tf.oneHot(targets, head.shape[0] ?? 0), "float32")
  const scores = tf.sub(tf.sum(tf.mul(shifted, chosen), -1), tf.reshape(tf.log(total), [-1]))
  return { scores, slope: () => tf.sub(chosen, tf.div(exponentials, total)) }
}

const scoreAtOnce = (
  hidden: tf.Tensor,
  head: tf.Tensor,
  targets: tf.Tensor,
  temperature: number
): tf.Tensor =>
  withGradient(
    isTrainable(head) ? [hidden, head] : [hidden],
    (save) => {
      const { scores, slope } = scoreRows(hidden, head, targets, temperature)
      save([slope(), hidden, head])
      return scores
    },
    (dy, saved) => {
      const dLogits = tf.mul(savedTensor(saved, 0), tf.reshape(tf.div(dy, temperature), [-1, 1]))
      return [
        () => tf.matMul(dLogits, savedTensor(saved, 2)),
        () => tf.matMul(dLogits, savedTensor(saved, 1), true, false)
      ]
    }
  )

const scoreInChunks = (
  hidden: tf.Tensor,
  head: tf.Tensor,
  targets: tf.Tensor,
  temperature: number,
  rowsAtOnce: number
): tf.Tensor => {
  const [rows = 0, width = 0] = hidden.shape
  const starts = Array.from({ length: Math.ceil(rows / rowsAtOnce) }, (_, chunk) => chunk * rowsAtOnce)
  const slice = (of: tf.Tensor, start: number) => {
    const size = Math.min(rowsAtOnce, rows - start)
    return of.rank === 1 ? tf.slice(of, [start], [size]) : tf.slice(of, [start, 0], [size, width])
  }
  return withGradient(
    isTrainable(head) ? [hidden, head] : [hidden],
    (save) => {
      save([hidden, head, targets])
      const scores = starts.map((start) =>
        tf.tidy(() => scoreRows(slice(hidden, start), head, slice(targets, start), temperature).scores)
      )
      return tf.concat(scores)
    },
    (dy, saved) => {
      const rowsIn = savedTensor(saved, 0)
      const headIn = savedTensor(saved, 1)
      const targetsIn = savedTensor(saved, 2)
      const slopeAt = (start: number) => {
        const { slope } = scoreRows(slice(rowsIn, start), headIn, slice(targetsIn, start), temperature)
        return tf.mul(slope(), tf.reshape(tf.div(slice(dy, start), temperature), [-1, 1]))
      }
      return [
        () => tf.concat(starts.map((start) => tf.tidy(() => tf.matMul(slopeAt(start), headIn)))),
        () =>
          starts.reduce<tf.Tensor>((sum, start) => {
            const next = tf.tidy(() =>
              tf.add(sum, tf.matMul(slopeAt(start), slice(rowsIn, start), true, false))
            )
            sum.dispose()
            return next
          }, tf.zerosLike(headIn))
      ]
    }
  )
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
  { temperature, maximumLogits = largestLogits }: ScoreOptions
): tf.Tensor => {
  const { batch, time, mask, targets } = tokens
  const { rows, places } = wanted(mask)
  if (rows.length === 0) return tf.zeros([batch, time])
  const hidden = tf.gather(forward(decoder, adapter, tokens), tf.tensor(rows, [rows.length], "int32"))
  const head = weightOf(decoder, adapter, headName(decoder.config))
  const target = tf.tensor(
    rows.map((row) => targets[row] ?? 0),
    [rows.length],
    "int32"
  )
  const rowsAtOnce = Math.max(1, Math.floor(maximumLogits / decoder.config.vocabularySize))
  const scores =
    rows.length <= rowsAtOnce
      ? scoreAtOnce(hidden, head, target, temperature)
      : scoreInChunks(hidden, head, target, temperature, rowsAtOnce)
  const padded = tf.concat([scores, tf.zeros([1])])
  return tf.reshape(tf.gather(padded, tf.tensor(places, [batch * time], "int32")), [batch, time])
}
