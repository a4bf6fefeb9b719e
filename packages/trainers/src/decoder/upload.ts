import * as tf from "@tensorflow/tfjs"

/**
 * A tensor of `values`, which nobody else uses, in the backend's own memory. Where that is another memory than the host's array, the
 * array is given back at once: the garbage collector is slow to see that so much of it is no longer needed.
 */
export const upload = (values: Float32Array<ArrayBuffer>, shape: ReadonlyArray<number>): tf.Tensor => {
  const tensor = tf.tensor(values, [...shape], "float32")
  switch (tf.getBackend()) {
    case "wasm":
      values.buffer.transfer(0)
      return tensor
    case "tensorflow": {
      // TensorFlow may share the array or have copied it, and does not tell: a product is its own for sure.
      const own = tf.mul(tensor, 1)
      tensor.dispose()
      values.buffer.transfer(0)
      return own
    }
    default:
      return tensor
  }
}
