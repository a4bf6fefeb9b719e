import * as tf from "@tensorflow/tfjs"
import { type RandomKey, split, uniform } from "@tracer-sdk/core"
import type { Adapter, DecoderConfig, LoraConfig } from "../decoder/types.ts"
import { linearModules, moduleName, moduleShape } from "../decoder/weight-shapes.ts"

/** LoRA as the paper trains it: rank 8, alpha 16, every linear layer. */
export const defaultAdapterConfig = (decoder: DecoderConfig): LoraConfig => ({
  kind: "lora",
  rank: 8,
  alpha: 16,
  dropout: 0,
  targets: linearModules(decoder)
})

/** Name and shape of an adapter's two weights for each module that it changes. */
export const adapterShapes = (
  decoder: DecoderConfig,
  config: LoraConfig
): ReadonlyMap<string, readonly [number, number]> => {
  const shapes = new Map<string, readonly [number, number]>()
  for (let layer = 0; layer < decoder.layers; layer++) {
    for (const target of config.targets) {
      const [outputs, inputs] = moduleShape(decoder, target)
      shapes.set(`${moduleName(layer, target)}.lora_A.weight`, [config.rank, inputs])
      shapes.set(`${moduleName(layer, target)}.lora_B.weight`, [outputs, config.rank])
    }
  }
  return shapes
}

/**
 * A new adapter, which changes nothing yet: B is 0, A uniform within `1 / sqrt(in)` (PEFT's Kaiming initialisation). A function of
 * (config, key) alone.
 */
export const createAdapter = (
  name: string,
  decoder: DecoderConfig,
  config: LoraConfig,
  key: RandomKey
): Adapter => {
  const variables: Record<string, tf.Variable> = {}
  for (const [weight, [rows, columns]] of adapterShapes(decoder, config)) {
    const values = new Float32Array(rows * columns)
    if (weight.endsWith("lora_A.weight")) {
      const stream = split(key, weight)
      const bound = 1 / Math.sqrt(columns)
      for (let i = 0; i < values.length; i++) values[i] = bound * (2 * uniform(stream, i) - 1)
    }
    variables[weight] = tf.tidy(() => tf.variable(tf.tensor(values, [rows, columns], "float32")))
  }
  return { name, config, variables, revision: 0, dispose: () => tf.dispose(Object.values(variables)) }
}
