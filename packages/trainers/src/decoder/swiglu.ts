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
      const out = tf.mul(silu, up)
      save([sigmoid, silu, up, out])
      return out
    },
    (dy, saved) => {
      const [sigmoid, silu] = [savedTensor(saved, 0), savedTensor(saved, 1)]
      const [ups, out] = [savedTensor(saved, 2), savedTensor(saved, 3)]
      return [
        // `up (sigmoid + silu (1 - sigmoid))`, of which `up silu` is the result.
        () => tf.mul(dy, tf.add(out, tf.mul(sigmoid, tf.sub(ups, out)))),
        () => tf.mul(dy, silu)
      ]
    }
  )
