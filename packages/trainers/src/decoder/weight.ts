import * as tf from "@tensorflow/tfjs"
import type { Adapter, Decoder } from "./types.ts"

/**
 * The weight of that name that holds with `adapter`: the adapter's own where whole weights are trained, else the decoder's. A missing
 * one is a programming error, for loaded models are checked when they are read.
 */
export const weightOf = (decoder: Decoder, adapter: Adapter | undefined, name: string): tf.Tensor => {
  const found = adapter?.variables[name] ?? decoder.weights[name]
  if (found === undefined) throw new Error(`The decoder has no weight named ${name}.`)
  return found
}

/** Whether gradients with respect to `tensor` may be asked for. */
export const isTrainable = (tensor: tf.Tensor): boolean => tensor instanceof tf.Variable && tensor.trainable
