import * as tf from "@tensorflow/tfjs"

/** Computes a result, and hands `save` what the gradient will need: everything else may be gone by then. */
type Forward = (save: (tensors: ReadonlyArray<tf.Tensor>) => void) => tf.Tensor

/** Gradients with respect to the inputs, in their order; only those of `inputs` are evaluated. */
type Backward = (dy: tf.Tensor, saved: ReadonlyArray<tf.Tensor>) => ReadonlyArray<() => tf.Tensor>

/** Runs `forward` with nothing recorded on the tape. */
const untaped = (forward: () => tf.Tensor): tf.Tensor => {
  const { state } = tf.engine()
  state.kernelDepth++
  try {
    return tf.tidy(forward)
  } finally {
    state.kernelDepth--
  }
}

/**
 * An operation with a gradient of our own. Its gradient is asked for once, and what it was computed from is gone afterwards. A frozen
 * weight at the end of the inputs is left out of `inputs`, and its gradient is then never computed.
 *
 * It is one entry of the engine's tape. `tf.customGrad` would record every saved tensor as well, for each gradient to search.
 */
export const withGradient = (
  inputs: ReadonlyArray<tf.Tensor>,
  forward: Forward,
  backward: Backward
): tf.Tensor => {
  const engine = tf.engine()
  if (!engine.isTapeOn()) return tf.tidy(() => forward(() => {}))
  let saved: Array<tf.Tensor> = []
  const value = untaped(() =>
    forward((tensors) => {
      saved = tensors.map((x) => tf.keep(engine.runKernel<tf.Tensor>("Identity", { x })))
    })
  )
  engine.state.activeTape.push({
    id: engine.state.nextTapeNodeId++,
    kernelName: "withGradient",
    inputs: Object.fromEntries(inputs.entries()),
    outputs: [value],
    saved,
    gradient: ([dy]) => {
      if (dy === undefined) throw new Error("The engine gave no gradient by the result.")
      const gradients = tf.tidy(() =>
        backward(dy, saved)
          .slice(0, inputs.length)
          .map((gradient) => tf.tidy(gradient))
      )
      // The engine would keep them until the last gradient is there: twice the memory of the forward pass.
      tf.dispose(saved)
      if (!gradients.includes(dy)) dy.dispose()
      return Object.fromEntries(gradients.map((gradient, i) => [i, () => gradient]))
    }
  })
  return value
}

/** The tensor that was saved as the `index`-th. */
export const savedTensor = (saved: ReadonlyArray<tf.Tensor>, index: number): tf.Tensor => {
  const tensor = saved[index]
  if (tensor === undefined) throw new Error(`Tensor ${index} was not saved for the gradient.`)
  return tensor
}
