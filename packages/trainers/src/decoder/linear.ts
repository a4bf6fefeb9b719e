import * as tf from "@tensorflow/tfjs"
import type { Adapter, Decoder } from "./types.ts"
import { weightOf } from "./weight.ts"

/** A linear module applied to rows `x` `[rows, in]`, with the adapter's low-rank change where it has one. */
export const linear = (
  x: tf.Tensor,
  decoder: Decoder,
  module: string,
  adapter: Adapter | undefined
): tf.Tensor => {
  const base = tf.matMul(x, weightOf(decoder, adapter, `${module}.weight`), false, true)
  if (adapter?.config.kind !== "lora") return base
  const down = adapter.variables[`${module}.lora_A.weight`]
  const up = adapter.variables[`${module}.lora_B.weight`]
  if (down === undefined || up === undefined) return base
  const change = tf.matMul(tf.matMul(x, down, false, true), up, false, true)
  return tf.add(base, tf.mul(change, adapter.config.alpha / adapter.config.rank))
}
