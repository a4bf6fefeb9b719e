import * as tf from "@tensorflow/tfjs"
import { runExtraKernel } from "../backend/kernels/extra-kernel.ts"
import { isTrainable } from "./weight.ts"
import { savedTensor, withGradient } from "./with-gradient.ts"

/** Minus `log softmax` of rows of logits at their targets `[rows]`, and its gradient by the logits, `[rows, vocabulary]`. */
const crossEntropy = (
  logits: tf.Tensor,
  targets: tf.Tensor
): { readonly losses: tf.Tensor; readonly slope: () => tf.Tensor } => {
  const [lossesAtOnce, slopeAtOnce] =
    runExtraKernel("SparseSoftmaxCrossEntropyWithLogits", { logits, targets }) ?? []
  if (lossesAtOnce !== undefined && slopeAtOnce !== undefined) {
    return { losses: lossesAtOnce, slope: () => slopeAtOnce }
  }
  const shifted = tf.sub(logits, tf.max(logits, -1, true))
  const exponentials = tf.exp(shifted)
  const total = tf.sum(exponentials, -1, true)
  // Asked for floats, wasm's oneHot writes the bits of integers.
  const chosen = tf.cast(tf.oneHot(targets, logits.shape[1] ?? 0), "float32")
  const losses = tf.sub(tf.reshape(tf.log(total), [-1]), tf.sum(tf.mul(shifted, chosen), -1))
  return { losses, slope: () => tf.sub(tf.div(exponentials, total), chosen) }
}

/** Rows of hidden states to score, against a head `[vocabulary, features]`. */
export interface TokenScoring {
  /** `[rows, features]`. */
  readonly hidden: tf.Tensor
  readonly head: tf.Tensor
  /** Token ids `[rows]`. */
  readonly targets: tf.Tensor
  readonly temperature: number
  /** As many rows of logits are in memory at once. */
  readonly rowsAtOnce: number
}

interface Chunk {
  readonly start: number
  readonly size: number
}

const part = (of: tf.Tensor, start: number, size: number): tf.Tensor =>
  of.shape[0] === size ? of : tf.slice(of, [start], [size])

/**
 * The log-probabilities in nats of the targets at a temperature, `[rows]`, without ever holding more logits than asked for.
 *
 * A row's score is a scalar, so that its gradient by the row's hidden state can be computed along with it: logits are formed once. A
 * trainable head needs them again for its own gradient.
 */
export const tokenScores = ({ hidden, head, targets, temperature, rowsAtOnce }: TokenScoring): tf.Tensor => {
  const rows = hidden.shape[0] ?? 0
  const chunks = Array.from({ length: Math.ceil(rows / rowsAtOnce) }, (_, index): Chunk => {
    const start = index * rowsAtOnce
    return { start, size: Math.min(rowsAtOnce, rows - start) }
  })
  const lossesOf = (states: tf.Tensor, labels: tf.Tensor, { start, size }: Chunk) =>
    crossEntropy(
      tf.matMul(tf.div(part(states, start, size), temperature), head, false, true),
      part(labels, start, size)
    )
  return withGradient(
    isTrainable(head) ? [hidden, head] : [hidden],
    (save) => {
      const results = chunks.map((chunk) =>
        tf.tidy(() => {
          const { losses, slope } = lossesOf(hidden, targets, chunk)
          return { scores: tf.neg(losses), slopes: tf.div(tf.matMul(slope(), head), -temperature) }
        })
      )
      save([tf.concat(results.map(({ slopes }) => slopes)), hidden, targets])
      return tf.concat(results.map(({ scores }) => scores))
    },
    (dy, saved) => [
      () => tf.mul(savedTensor(saved, 0), tf.reshape(dy, [rows, 1])),
      () => {
        const states = savedTensor(saved, 1)
        const weighted = tf.mul(states, tf.reshape(tf.div(dy, -temperature), [rows, 1]))
        return chunks.reduce<tf.Tensor>((sum, chunk) => {
          const next = tf.tidy(() => {
            const { slope } = lossesOf(states, savedTensor(saved, 2), chunk)
            return tf.add(sum, tf.matMul(slope(), part(weighted, chunk.start, chunk.size), true, false))
          })
          sum.dispose()
          return next
        }, tf.zerosLike(head))
      }
    ]
  )
}
