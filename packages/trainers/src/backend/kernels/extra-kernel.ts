import * as tf from "@tensorflow/tfjs"

/**
 * Runs a kernel that TensorFlow.js does not have, where the current backend brings one of that name; undefined elsewhere, where the
 * caller composes the operation of others. Records no gradient: call it within `withGradient`.
 */
export function runExtraKernel(
  name: string,
  inputs: tf.NamedTensorMap,
  attrs: tf.NamedAttrMap = {}
): ReadonlyArray<tf.Tensor> | undefined {
  if (tf.getKernel(name, tf.getBackend()) === undefined) return undefined
  const result: tf.Tensor | Array<tf.Tensor> = tf.engine().runKernel(name, inputs, attrs)
  return Array.isArray(result) ? result : [result]
}
