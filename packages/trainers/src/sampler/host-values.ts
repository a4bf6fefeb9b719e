import type * as tf from "@tensorflow/tfjs"

/** A tensor's numbers on the host; not to be written to, as they can be the tensor's own. */
export const hostValues = async (tensor: tf.Tensor): Promise<Float32Array> => {
  const values = await tensor.data()
  return values instanceof Float32Array ? values : Float32Array.from(values)
}
