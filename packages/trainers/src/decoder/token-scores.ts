import * as tf from "@tensorflow/tfjs"
import { hasExtraKernel, runExtraKernel } from "../backend/kernels/extra-kernel.ts"
import { gatherRows, sumTable, timesTable } from "./row-table.ts"
import { isTrainable } from "./weight.ts"
import { savedTensor, withGradient } from "./with-gradient.ts"

/** What becomes of rows of logits. */
interface ScoredLogits {
  /** `log softmax` at the targets, `[rows]`. */
  readonly scores: tf.Tensor
  /** The softmax `[rows, vocabulary]`, yet to be divided by `total` `[rows, 1]`. */
  readonly exponentials: tf.Tensor
  readonly total: tf.Tensor
}

const scoreLogits = (logits: tf.Tensor, targets: tf.Tensor): ScoredLogits => {
  const [rows = 0, vocabulary = 0] = logits.shape
  if (hasExtraKernel("ScoreLogits")) {
    const [exponentials, total, chosen] = runExtraKernel("ScoreLogits", { logits, targets })
    if (exponentials === undefined || total === undefined || chosen === undefined) {
      throw new Error("ScoreLogits gave no results.")
    }
    return { scores: tf.sub(chosen, tf.reshape(tf.log(total), [rows])), exponentials, total }
  }
  const shifted = tf.sub(logits, tf.max(logits, -1, true))
  const exponentials = tf.exp(shifted)
  const total = tf.sum(exponentials, -1, true)
  const firsts = tf.mul(tf.range(0, rows, 1, "int32"), tf.scalar(vocabulary, "int32"))
  const chosen = tf.gather(tf.reshape(shifted, [rows * vocabulary]), tf.add(firsts, targets))
  return { scores: tf.sub(chosen, tf.reshape(tf.log(total), [rows])), exponentials, total }
}

/** Rows of hidden states to score, against a head `[vocabulary, features]`, perhaps in parts of its rows. */
export interface TokenScoring {
  /** `[rows, features]`. */
  readonly hidden: tf.Tensor
  readonly head: ReadonlyArray<tf.Tensor>
  /** Token ids `[rows]`. */
  readonly targets: tf.Tensor1D
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
 * A row's score is a scalar, so that its gradient by the row's hidden state, the target's row of the head minus the mean row, can be
 * computed along with it: logits are formed once. A trainable head needs them again for its own gradient.
 */
export const tokenScores = ({ hidden, head, targets, temperature, rowsAtOnce }: TokenScoring): tf.Tensor => {
  const rows = hidden.shape[0] ?? 0
  const chunks = Array.from({ length: Math.ceil(rows / rowsAtOnce) }, (_, index): Chunk => {
    const start = index * rowsAtOnce
    return { start, size: Math.min(rowsAtOnce, rows - start) }
  })
  const scored = (states: tf.Tensor, labels: tf.Tensor, { start, size }: Chunk) =>
    scoreLogits(timesTable(tf.div(part(states, start, size), temperature), head), part(labels, start, size))
  const trainable = head.find(isTrainable)
  return withGradient(
    trainable === undefined ? [hidden] : [hidden, trainable],
    (save) => {
      const results = chunks.map((chunk) =>
        tf.tidy(() => {
          const { scores, exponentials, total } = scored(hidden, targets, chunk)
          return { scores, mean: tf.div(sumTable(exponentials, head), total) }
        })
      )
      const means = tf.concat(results.map(({ mean }) => mean))
      save([tf.div(tf.sub(gatherRows(head, targets), means), temperature), hidden, targets])
      return tf.concat(results.map(({ scores }) => scores))
    },
    (dy, saved) => [
      () => tf.mul(savedTensor(saved, 0), tf.reshape(dy, [rows, 1])),
      () => {
        const [states, labels] = [savedTensor(saved, 1), savedTensor(saved, 2)]
        const weighted = tf.mul(states, tf.reshape(tf.div(dy, temperature), [rows, 1]))
        const chosen = tf.unsortedSegmentSum(weighted, tf.reshape(labels, [rows]), trainable?.shape[0] ?? 0)
        return chunks.reduce<tf.Tensor>((sum, chunk) => {
          const next = tf.tidy(() => {
            const { exponentials, total } = scored(states, labels, chunk)
            const here = tf.div(part(weighted, chunk.start, chunk.size), total)
            return tf.sub(sum, tf.matMul(exponentials, here, true, false))
          })
          sum.dispose()
          return next
        }, chosen)
      }
    ]
  )
}
