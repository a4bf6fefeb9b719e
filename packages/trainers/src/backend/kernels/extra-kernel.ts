import * as tf from "@tensorflow/tfjs"

/** Operations that TensorFlow.js does not have, and that a backend may bring in one piece. */
export type ExtraKernel =
  | "RmsNorm"
  | "RmsNormGrad"
  | "SwiGlu"
  | "SwiGluGrad"
  | "ScoreLogits"
  | "CausalAttention"
  | "CausalAttentionGrad"

/** Whether the current backend brings an operation of that name. */
export const hasExtraKernel = (name: ExtraKernel): boolean =>
  tf.getKernel(name, tf.getBackend()) !== undefined

/**
 * Runs an operation that the current backend brings. It records no gradient: call it within `withGradient`.
 */
export function runExtraKernel(
  name: ExtraKernel,
  inputs: tf.NamedTensorMap,
  attrs: tf.NamedAttrMap = {}
): Array<tf.Tensor> {
  return tf.engine().runKernel<Array<tf.Tensor>>(name, inputs, attrs)
}
