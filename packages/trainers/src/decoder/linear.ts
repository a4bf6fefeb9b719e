import * as tf from "@tensorflow/tfjs"
import type { Adapter, Weights } from "./types.ts"
import { weight } from "./weight.ts"

/** A linear module applied to rows `x` `[rows, in]`, with the adapter's low-rank change where it has one. */
export const linear = (
  x: tf.Tensor,
  weights: Weights,
  module: string,
  adapter: Adapter | undefined
): tf.Tensor => {
  const base = tf.matMul(x, weight(weights, `${module}.weight`), false, true)
  const down = adapter?.variables[`${module}.lora_A.weight`]
  const up = adapter?.variables[`${module}.lora_B.weight`]
  if (adapter === undefined || down === undefined || up === undefined) return base
  const change = tf.matMul(tf.matMul(x, down, false, true), up, false, true)
  return tf.add(base, tf.mul(change, adapter.config.alpha / adapter.config.rank))
}
