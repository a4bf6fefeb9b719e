import * as tf from "@tensorflow/tfjs"
import { hasExtraKernel, runExtraKernel } from "../backend/kernels/extra-kernel.ts"
import { isTrainable } from "./weight.ts"
import { savedTensor, withGradient } from "./with-gradient.ts"

/**
 * Root-mean-square normalisation (Zhang and Sennrich 2019) of the rows of `x` `[rows, features]`, times `scale` `[features]`.
 *
 * The gradient is written out: the tape's own takes three times the operations.
 */
export const rmsNorm = (x: tf.Tensor, scale: tf.Tensor, epsilon: number): tf.Tensor =>
  hasExtraKernel("RmsNorm") ? fusedRmsNorm(x, scale, epsilon) : composedRmsNorm(x, scale, epsilon)

const fusedRmsNorm = (x: tf.Tensor, scale: tf.Tensor, epsilon: number): tf.Tensor =>
  withGradient(
    isTrainable(scale) ? [x, scale] : [x],
    (save) => {
      const [y, inverse] = runExtraKernel("RmsNorm", { x, scale }, { epsilon })
      if (y === undefined || inverse === undefined) throw new Error("RmsNorm gave no results.")
      save([x, inverse, scale])
      return y
    },
    (dy, saved) => {
      const [rows, inverse, factor] = [savedTensor(saved, 0), savedTensor(saved, 1), savedTensor(saved, 2)]
      return [
        () => savedTensor(runExtraKernel("RmsNormGrad", { dy, x: rows, inverse, scale: factor }), 0),
        () => tf.sum(tf.mul(dy, tf.mul(rows, inverse)), 0)
      ]
    }
  )

const composedRmsNorm = (x: tf.Tensor, scale: tf.Tensor, epsilon: number): tf.Tensor =>
  withGradient(
    isTrainable(scale) ? [x, scale] : [x],
    (save) => {
      const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), epsilon))
      const unit = tf.mul(x, inverse)
      save([unit, inverse, scale])
      return tf.mul(unit, scale)
    },
    (dy, saved) => {
      const unit = savedTensor(saved, 0)
      const inverse = savedTensor(saved, 1)
      return [
        () => {
          const dUnit = tf.mul(dy, savedTensor(saved, 2))
          const along = tf.mean(tf.mul(dUnit, unit), -1, true)
          return tf.mul(tf.sub(dUnit, tf.mul(unit, along)), inverse)
        },
        () => tf.sum(tf.mul(dy, unit), 0)
      ]
    }
  )
