import * as tf from "@tensorflow/tfjs"
import { isWebgpuBackend } from "../backend/webgpu-api.ts"

/**
 * A tensor of `values`, which nobody else uses, in the backend's own memory. Where that is another memory than the host's array, the
 * array is given back at once: the garbage collector is slow to see that so much of it is no longer needed.
 */
export const upload = (values: Float32Array<ArrayBuffer>, shape: ReadonlyArray<number>): tf.Tensor => {
  const backend = tf.backend()
  const onHost = () => tf.tensor(values, [...shape], "float32")
  switch (tf.getBackend()) {
    case "wasm": {
      const tensor = onHost()
      values.buffer.transfer(0)
      return tensor
    }
    case "tensorflow": {
      // TensorFlow may share the array or have copied it, and does not tell: a product is its own for sure.
      const own = tf.tidy(() => tf.mul(onHost(), 1))
      values.buffer.transfer(0)
      return own
    }
    case "webgpu": {
      if (!isWebgpuBackend(backend)) return onHost()
      const moved = tf.tidy(() => {
        const tensor = onHost()
        // It would wait on the host for the first operation, which alone would say that it is too large.
        backend.uploadToGPU(tensor.dataId)
        return tensor
      })
      values.buffer.transfer(0)
      return moved
    }
    default:
      return onHost()
  }
}

/**
 * Waits until an uploaded tensor, not a scalar, is where it belongs. WebGPU holds what it sends a second time until the device has
 * taken it; the other backends have nothing to wait for.
 */
export const whenUploaded = async (tensor: tf.Tensor): Promise<void> => {
  if (tf.getBackend() !== "webgpu") return
  const every = (extent: number) => tensor.shape.map(() => extent)
  const first = tf.slice(tensor, every(0), every(1))
  try {
    await first.data()
  } finally {
    first.dispose()
  }
}
