import * as tf from "@tensorflow/tfjs"
import { lowRankProduct } from "./low-rank-product.ts"
import type { Adapter, Decoder } from "./types.ts"
import { isTrainable, weightOf } from "./weight.ts"

/**
 * A linear module applied to rows `x` `[rows, in]`, with its bias and the adapter's low-rank change where it has them; `constant` says
 * that no gradient by `x` is needed.
 */
export const linear = (
  x: tf.Tensor,
  decoder: Decoder,
  module: string,
  adapter: Adapter | undefined,
  hasBias: boolean,
  constant = false
): tf.Tensor => {
  const weight = weightOf(decoder, adapter, `${module}.weight`)
  const withBias = (product: tf.Tensor) =>
    hasBias ? tf.add(product, weightOf(decoder, adapter, `${module}.bias`)) : product
  const plain = () => withBias(tf.matMul(x, weight, false, true))
  if (adapter?.config.kind !== "lora") return plain()
  const down = adapter.variables[`${module}.lora_A.weight`]
  const up = adapter.variables[`${module}.lora_B.weight`]
  if (down === undefined || up === undefined) return plain()
  const scale = adapter.config.alpha / adapter.config.rank
  const seen = adapter.dropout?.(x, module) ?? x
  if (seen === x && !isTrainable(weight)) {
    return withBias(lowRankProduct(x, { weight, down, up, scale }, constant))
  }
  const change = tf.matMul(tf.matMul(seen, down, false, true), up, false, true)
  return tf.add(plain(), tf.mul(change, scale))
}
