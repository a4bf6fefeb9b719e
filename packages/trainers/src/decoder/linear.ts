import * as tf from "@tensorflow/tfjs"
import type { Adapter, Decoder } from "./types.ts"
import { weightOf } from "./weight.ts"

/** A linear module applied to rows `x` `[rows, in]`, with its bias and the adapter's low-rank change where it has them. */
export const linear = (
  x: tf.Tensor,
  decoder: Decoder,
  module: string,
  adapter: Adapter | undefined,
  hasBias: boolean
): tf.Tensor => {
  const product = tf.matMul(x, weightOf(decoder, adapter, `${module}.weight`), false, true)
  const base = hasBias ? tf.add(product, weightOf(decoder, adapter, `${module}.bias`)) : product
  if (adapter?.config.kind !== "lora") return base
  const down = adapter.variables[`${module}.lora_A.weight`]
  const up = adapter.variables[`${module}.lora_B.weight`]
  if (down === undefined || up === undefined) return base
  const seen = adapter.dropout?.(x, module) ?? x
  const change = tf.matMul(tf.matMul(seen, down, false, true), up, false, true)
  return tf.add(base, tf.mul(change, adapter.config.alpha / adapter.config.rank))
}
