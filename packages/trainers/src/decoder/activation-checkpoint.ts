import * as tf from "@tensorflow/tfjs"
import { savedTensor, withGradient } from "./with-gradient.ts"

/**
 * Gradients of `f` with respect to `xs` inside another gradient's computation. The engine has one tape, which an inner gradient would
 * leave empty for the outer one.
 */
const innerGradients = (
  f: () => tf.Tensor,
  xs: Array<tf.Tensor>,
  dy: tf.Tensor
): ReadonlyArray<tf.Tensor> => {
  const { state } = tf.engine()
  const outerTape = state.activeTape
  try {
    return tf.engine().gradients(f, xs, dy).grads
  } finally {
    if (outerTape !== undefined) state.activeTape = outerTape
  }
}

/**
 * `segment(x)`, of which only `x` is kept for the gradient: the rest is computed again when the gradient needs it (Chen et al. 2016,
 * arXiv 1604.06174). `segment` is a function of `x` and of `variables` alone, each of which it uses; it makes whatever other tensors
 * it needs itself.
 */
export const activationCheckpoint = (
  segment: (x: tf.Tensor) => tf.Tensor,
  x: tf.Tensor,
  variables: ReadonlyArray<tf.Tensor>
): tf.Tensor =>
  withGradient(
    [x, ...variables],
    (save) => {
      save([x])
      return segment(x)
    },
    (dy, saved) => {
      const start = savedTensor(saved, 0)
      return innerGradients(() => segment(start), [start, ...variables], dy).map((gradient) => () => gradient)
    }
  )
