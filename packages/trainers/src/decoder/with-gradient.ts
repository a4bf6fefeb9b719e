import * as tf from "@tensorflow/tfjs"

/** Computes a result, and hands `save` what the gradient will need: everything else may be gone by then. */
type Forward = (save: (tensors: Array<tf.Tensor>) => void) => tf.Tensor

/** Gradients with respect to the inputs, in their order; only those of `inputs` are evaluated. */
type Backward = (dy: tf.Tensor, saved: ReadonlyArray<tf.Tensor>) => ReadonlyArray<() => tf.Tensor>

/**
 * An operation with a gradient of our own. A frozen weight at the end of the inputs is left out of `inputs`, and its gradient is
 * then never computed.
 */
export const withGradient = (
  inputs: ReadonlyArray<tf.Tensor>,
  forward: Forward,
  backward: Backward
): tf.Tensor => {
  const operation = tf.customGrad((...given) => {
    const save = given.at(-1)
    if (typeof save !== "function") throw new Error("customGrad gave no function that saves tensors.")
    return {
      value: forward(save),
      // The tape keeps what a gradient leaves behind until its end, so each cleans up after itself.
      gradFunc: (dy: tf.Tensor, saved: Array<tf.Tensor>) =>
        tf.tidy(() =>
          backward(dy, saved)
            .slice(0, inputs.length)
            .map((gradient) => tf.tidy(gradient))
        )
    }
  })
  return operation(...inputs)
}

/** The tensor that was saved as the `index`-th. */
export const savedTensor = (saved: ReadonlyArray<tf.Tensor>, index: number): tf.Tensor => {
  const tensor = saved[index]
  if (tensor === undefined) throw new Error(`Tensor ${index} was not saved for the gradient.`)
  return tensor
}
