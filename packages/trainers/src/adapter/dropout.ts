import * as tf from "@tensorflow/tfjs"
import { type RandomKey, split, threefry } from "@tracer-sdk/core"
import type { Adapter } from "../decoder/types.ts"

const draws = 2 ** 16

/** 0 for a share of about `rate` of the places, and for the others what keeps the mean of the products at 1. */
export const dropoutMask = (key: RandomKey, size: number, rate: number): Float32Array => {
  const dropped = Math.round(rate * draws)
  const kept = draws / (draws - dropped)
  const values = new Float32Array(size)
  // A block is four draws of 16 bits.
  for (let i = 0; i < size; i += 4) {
    const { high, low } = threefry(key, i, 5)
    if (high >>> 16 >= dropped) values[i] = kept
    if ((high & 0xffff) >= dropped && i + 1 < size) values[i + 1] = kept
    if (low >>> 16 >= dropped && i + 2 < size) values[i + 2] = kept
    if ((low & 0xffff) >= dropped && i + 3 < size) values[i + 3] = kept
  }
  return values
}

/**
 * An adapter as a training step sees it: its LoRA changes of each module miss some of the inputs, which are drawn by the module's
 * name under `key`. The other inputs are scaled up, so that the mean over draws is the change without dropout.
 *
 * Source: dropout, Srivastava et al. 2014, where PEFT has it: `W x + (alpha / rank) B A dropout(x)`.
 */
export const withDropout = (adapter: Adapter, key: RandomKey): Adapter => {
  const { config } = adapter
  if (config.kind !== "lora" || config.dropout === 0) return adapter
  const dropout = (x: tf.Tensor, module: string): tf.Tensor =>
    tf.mul(x, tf.tensor(dropoutMask(split(key, module), x.size, config.dropout), x.shape))
  return { ...adapter, dropout }
}
