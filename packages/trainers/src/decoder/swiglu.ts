import * as tf from "@tensorflow/tfjs"
import { savedTensor, withGradient } from "./with-gradient.ts"

/** `silu(gate) * up` (Shazeer 2020), with its gradient written out. */
export const swiglu = (gate: tf.Tensor, up: tf.Tensor): tf.Tensor =>
  withGradient(
    [gate, up],
    (save) => {
      const sigmoid = tf.sigmoid(gate)
      const silu = tf.mul(gate, sigmoid)
      save([sigmoid, silu, up])
      return tf.mul(silu, up)
    },
    (dy, saved) => {
      const sigmoid = savedTensor(saved, 0)
      const silu = savedTensor(saved, 1)
      return [
        () => {
          const slope = tf.add(sigmoid, tf.mul(silu, tf.sub(1, sigmoid)))
          return tf.mul(tf.mul(dy, savedTensor(saved, 2)), slope)
        },
        () => tf.mul(dy, silu)
      ]
    }
  )
