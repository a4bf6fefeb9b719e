import * as tf from "@tensorflow/tfjs"
import type { Weights } from "./types.ts"

/** The weight of that name; a missing one is a programming error, for loaded models are checked when they are read. */
export const weight = (weights: Weights, name: string): tf.Tensor => {
  const found = weights[name]
  if (found === undefined) throw new Error(`The decoder has no weight named ${name}.`)
  return found
}

/** Whether gradients with respect to `tensor` may be asked for. */
export const isTrainable = (tensor: tf.Tensor): boolean => tensor instanceof tf.Variable && tensor.trainable
