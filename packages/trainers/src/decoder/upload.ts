import * as tf from "@tensorflow/tfjs"

/**
 * A tensor of `values`, which nobody else uses.
 *
 * It is in the backend's own memory at once: those of GPUs would copy it at first use. On wasm the host's copy is given back, for the
 * garbage collector is slow to see that a large array is no longer needed; the native backend shares the array instead.
 */
export const upload = (values: Float32Array<ArrayBuffer>, shape: ReadonlyArray<number>): tf.Tensor => {
  const tensor = tf.tensor(values, [...shape], "float32")
  const first = shape.map(() => 0)
  const one = shape.map(() => 1)
  tf.dispose(tf.slice(tensor, first, one))
  if (tf.getBackend() === "wasm") values.buffer.transfer(0)
  return tensor
}
