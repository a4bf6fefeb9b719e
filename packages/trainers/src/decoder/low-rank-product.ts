import * as tf from "@tensorflow/tfjs"
import { savedTensor, withGradient } from "./with-gradient.ts"

/** A frozen weight with a low-rank change (Hu et al. 2021): `weight + scale * up down`. */
export interface LowRankWeight {
  /** `[out, in]`. */
  readonly weight: tf.Tensor
  /** LoRA's A `[rank, in]` and B `[out, rank]`. */
  readonly down: tf.Tensor
  readonly up: tf.Tensor
  readonly scale: number
}

/** Whether adding the change to the weight is less memory traffic than adding its result to every row's, by a clear margin. */
const mergeIsCheaper = (rows: number, [outputs = 0, inputs = 0]: ReadonlyArray<number>): boolean =>
  4 * outputs * inputs <= rows * (outputs + inputs)

/**
 * Rows `x` `[rows, in]` times the changed weight, `[rows, out]`. The gradient of the weight itself is never formed, nor that of rows
 * that are `constant`: nothing trained is before them.
 */
export const lowRankProduct = (
  x: tf.Tensor,
  { weight, down, up, scale }: LowRankWeight,
  constant = false
): tf.Tensor => {
  const merges = mergeIsCheaper(x.shape[0] ?? 0, weight.shape)
  return withGradient(
    constant ? [down, up] : [down, up, x],
    (save) => {
      const narrow = tf.mul(up, scale)
      if (merges) {
        const merged = tf.add(weight, tf.matMul(narrow, down))
        save([x, down, narrow, merged])
        return tf.matMul(x, merged, false, true)
      }
      save([x, down, narrow])
      return tf.add(
        tf.matMul(x, weight, false, true),
        tf.matMul(tf.matMul(x, down, false, true), narrow, false, true)
      )
    },
    (dy, saved) => {
      const [rows, downIn, narrow] = [savedTensor(saved, 0), savedTensor(saved, 1), savedTensor(saved, 2)]
      const dLow = tf.matMul(dy, narrow)
      return [
        () => tf.matMul(dLow, rows, true, false),
        () => tf.matMul(dy, tf.mul(tf.matMul(rows, downIn, false, true), scale), true, false),
        () =>
          merges
            ? tf.matMul(dy, savedTensor(saved, 3))
            : tf.add(tf.matMul(dy, weight), tf.matMul(dLow, downIn))
      ]
    }
  )
}
