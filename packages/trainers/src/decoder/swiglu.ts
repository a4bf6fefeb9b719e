import * as tf from "@tensorflow/tfjs"
import { hasExtraKernel, runExtraKernel } from "../backend/kernels/extra-kernel.ts"
import { savedTensor, withGradient } from "./with-gradient.ts"

/** `silu(gate) * up` (Shazeer 2020), with its gradient written out. */
export const swiglu = (gate: tf.Tensor, up: tf.Tensor): tf.Tensor =>
  hasExtraKernel("SwiGlu") ? fusedSwiglu(gate, up) : composedSwiglu(gate, up)

const fusedSwiglu = (gate: tf.Tensor, up: tf.Tensor): tf.Tensor =>
  withGradient(
    [gate, up],
    (save) => {
      save([gate, up])
      return savedTensor(runExtraKernel("SwiGlu", { gate, up }), 0)
    },
    (dy, saved) => {
      const inputs = { dy, gate: savedTensor(saved, 0), up: savedTensor(saved, 1) }
      const gradients = runExtraKernel("SwiGluGrad", inputs)
      return gradients.map((gradient) => () => gradient)
    }
  )

const composedSwiglu = (gate: tf.Tensor, up: tf.Tensor): tf.Tensor =>
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
