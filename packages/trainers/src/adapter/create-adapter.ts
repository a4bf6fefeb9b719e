import * as tf from "@tensorflow/tfjs"
import { type RandomKey, split, uniform } from "@tracer-sdk/core"
import type { Adapter, AdapterConfig, Decoder, DecoderConfig, LoraConfig } from "../decoder/types.ts"
import { weightOf } from "../decoder/weight.ts"
import { linearModules } from "../decoder/weight-shapes.ts"
import { variableShapes } from "./variable-shapes.ts"

/** LoRA as the paper trains it: rank 8, alpha 16, every linear layer. */
export const defaultAdapterConfig = (decoder: DecoderConfig): LoraConfig => ({
  kind: "lora",
  rank: 8,
  alpha: 16,
  dropout: 0,
  targets: linearModules(decoder)
})

/** B is 0, A uniform within `1 / sqrt(in)`: PEFT's Kaiming initialisation. */
const initialLora = (
  name: string,
  [rows = 0, columns = 0]: ReadonlyArray<number>,
  key: RandomKey
): tf.Tensor => {
  const values = new Float32Array(rows * columns)
  if (name.endsWith("lora_A.weight")) {
    const stream = split(key, name)
    const bound = 1 / Math.sqrt(columns)
    for (let i = 0; i < values.length; i++) values[i] = bound * (2 * uniform(stream, i) - 1)
  }
  return tf.tensor(values, [rows, columns], "float32")
}

/** An adapter over these variables, which it owns from then on; `revision` is 0 where they change nothing yet. */
export const makeAdapter = (
  name: string,
  config: AdapterConfig,
  variables: Adapter["variables"],
  revision: number
): Adapter => ({
  name,
  config,
  variables,
  revision,
  dispose: () => tf.dispose(Object.values(variables))
})

/**
 * A new adapter, which changes nothing yet: a function of (decoder, config, key) alone. Where whole weights are trained they share
 * the decoder's memory until their first step.
 */
export const createAdapter = (
  name: string,
  decoder: Decoder,
  config: AdapterConfig,
  key: RandomKey
): Adapter => {
  const variables: Record<string, tf.Variable> = {}
  for (const [variable, shape] of variableShapes(decoder.config, config)) {
    variables[variable] = tf.tidy(() =>
      tf.variable(
        config.kind === "lora"
          ? initialLora(variable, shape, key)
          : tf.clone(weightOf(decoder, undefined, variable))
      )
    )
  }
  return makeAdapter(name, config, variables, 0)
}

/** An adapter with the same settings and weights, which share memory until one of them is changed. */
export const copyAdapter = (name: string, { config, variables, revision }: Adapter): Adapter => {
  const copies: Record<string, tf.Variable> = {}
  for (const [variable, value] of Object.entries(variables)) {
    copies[variable] = tf.tidy(() => tf.variable(tf.clone(value)))
  }
  return makeAdapter(name, config, copies, revision)
}
