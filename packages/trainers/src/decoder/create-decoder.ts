import * as tf from "@tensorflow/tfjs"
import { normal, seedKey, split } from "@tracer-sdk/core"
import { sizeOf } from "../safetensors/header.ts"
import type { Decoder, DecoderConfig } from "./types.ts"
import { weightShapes } from "./weight-shapes.ts"

const initialDeviation = 0.02

/**
 * A decoder with random weights, all trainable: normal with deviation 0.02, the layers that write to the residual stream
 * divided by `sqrt(2 layers)` (GPT-2's initialisation), norms at 1, biases at 0. A function of (config, seed) alone.
 */
export const createDecoder = (config: DecoderConfig, seed: number): Decoder => {
  const weights: Record<string, tf.Variable> = {}
  for (const [name, shape] of weightShapes(config)) {
    const size = sizeOf(shape)
    const values = new Float32Array(size)
    if (shape.length === 1) values.fill(name.endsWith(".bias") ? 0 : 1)
    else {
      const residual = name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight")
      const deviation = residual ? initialDeviation / Math.sqrt(2 * config.layers) : initialDeviation
      const key = split(seedKey(seed), "weight", name)
      for (let i = 0; i < size; i++) values[i] = deviation * normal(key, i)
    }
    weights[name] = tf.tidy(() => tf.variable(tf.tensor(values, [...shape], "float32")))
  }
  return makeDecoder(config, weights)
}

/** A decoder over these weights, which it owns from then on. */
export const makeDecoder = (config: DecoderConfig, weights: Decoder["weights"]): Decoder => ({
  config,
  weights,
  dispose: () => tf.dispose(Object.values(weights))
})
