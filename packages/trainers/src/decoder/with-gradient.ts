import * as tf from "@tensorflow/tfjs"

/** Computes a result, and hands `save` what the gradient will need: everything else may be gone by then. */
type Forward = (save: (tensors: Array<tf.Tensor>) => void) => tf.Tensor

/** Gradients with respect to the inputs, in their order; only those of `inputs` are evaluated. */
type Backward = (dy: tf.Tensor, saved: ReadonlyArray<tf.Tensor>) => ReadonlyArray<() => tf.Tensor>

/**
 * An operation with a gradient of our own. Its gradient is asked for once, and what it was computed from is gone afterwards. A frozen weight at the end of the inputs is left out of `inputs`, and its gradient is
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
      gradFunc: (dy: tf.Tensor, saved: Array<tf.Tensor>) => {
        const gradients = tf.tidy(() =>
          backward(dy, saved)
            .slice(0, inputs.length)
            .map((gradient) => tf.tidy(gradient))
        )
        // The engine would keep them until the last gradient is there: twice the memory of the forward pass.
        tf.dispose(saved)
        if (!gradients.includes(dy)) dy.dispose()
        return gradients
      }
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
