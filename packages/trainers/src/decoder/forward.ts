import * as tf from "@tensorflow/tfjs"
import { type AttentionShape, attention, branchMask, causalMask } from "./attention.ts"
import { linear } from "./linear.ts"
import { rmsNorm } from "./rms-norm.ts"
import { makeRotation } from "./rotary.ts"
import { swiglu } from "./swiglu.ts"
import type { Adapter, Decoder, LinearModule, TokenBatch } from "./types.ts"
import { weightOf } from "./weight.ts"
import { headName, moduleName } from "./weight-shapes.ts"

/**
 * The decoder's hidden states after its last norm, `[batch * time, hiddenSize]`.
 *
 * Sequences are padded at the end, where causal attention keeps padding out of what comes before. Differentiable with respect to the
 * variables among the weights and the adapter's. Call it within `tf.tidy` or a gradient function.
 */
export const forward = (decoder: Decoder, adapter: Adapter | undefined, tokens: TokenBatch): tf.Tensor => {
  const { config } = decoder
  const { batch, time, branches } = tokens
  const positions = branches?.positions ?? Int32Array.from({ length: time }, (_, position) => position)
  const needed = 1 + positions.reduce((most, position) => Math.max(most, position), 0)
  if (needed > config.maximumPositions) {
    throw new Error(`${needed} tokens do not fit the decoder's ${config.maximumPositions} positions.`)
  }
  const shape: AttentionShape = {
    batch,
    time,
    heads: config.heads,
    keyValueHeads: config.keyValueHeads,
    headSize: config.headSize
  }
  const rotation = (scale: number) =>
    makeRotation(config, positions, branches === undefined ? 1 : batch, scale)
  const tables = {
    queryRotation: rotation(1 / Math.sqrt(config.headSize)),
    keyRotation: rotation(1),
    visible: branches === undefined ? causalMask(time) : branchMask(branches.branch, batch, time)
  }
  const norm = (x: tf.Tensor, name: string) =>
    rmsNorm(x, weightOf(decoder, adapter, name), config.rmsNormEpsilon)

  let stream = tf.gather(
    weightOf(decoder, adapter, "model.embed_tokens.weight"),
    tf.tensor(tokens.ids, [batch * time], "int32")
  )
  for (let layer = 0; layer < config.layers; layer++) {
    const project = (x: tf.Tensor, module: LinearModule) =>
      linear(x, decoder, moduleName(layer, module), adapter)
    const before = norm(stream, `model.layers.${layer}.input_layernorm.weight`)
    const attended = attention(
      project(before, "q_proj"),
      project(before, "k_proj"),
      project(before, "v_proj"),
      shape,
      tables
    )
    stream = tf.add(stream, project(attended, "o_proj"))
    const between = norm(stream, `model.layers.${layer}.post_attention_layernorm.weight`)
    const expanded = swiglu(project(between, "gate_proj"), project(between, "up_proj"))
    stream = tf.add(stream, project(expanded, "down_proj"))
  }
  return norm(stream, "model.norm.weight")
}

/** The logits of every position, `[batch * time, vocabularySize]`: for small inputs and tests. */
export const forwardLogits = (
  decoder: Decoder,
  adapter: Adapter | undefined,
  tokens: TokenBatch
): tf.Tensor => {
  const head = weightOf(decoder, adapter, headName(decoder.config))
  return tf.matMul(forward(decoder, adapter, tokens), head, false, true)
}
