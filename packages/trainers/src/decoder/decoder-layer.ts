import * as tf from "@tensorflow/tfjs"
import { type AttentionShape, type AttentionTables, attention } from "./attention.ts"
import { linear } from "./linear.ts"
import { rmsNorm } from "./rms-norm.ts"
import { tableOf } from "./row-table.ts"
import { swiglu } from "./swiglu.ts"
import type { Adapter, Decoder, LinearModule } from "./types.ts"
import { isTrainable, weightOf } from "./weight.ts"
import { moduleName } from "./weight-shapes.ts"

/** The residual stream `[batch * time, hiddenSize]` after a layer's attention and feed-forward part. */
export const decoderLayer = (
  stream: tf.Tensor,
  decoder: Decoder,
  adapter: Adapter | undefined,
  layer: number,
  shape: AttentionShape,
  tables: AttentionTables
): tf.Tensor => {
  const { config } = decoder
  const queryFeatures = config.heads * config.headSize
  const keyFeatures = config.keyValueHeads * config.headSize
  const project = (x: tf.Tensor, module: LinearModule, constant = false) =>
    linear(x, decoder, moduleName(layer, module), adapter, config.biases.includes(module), constant)
  const scaleOf = (name: string) => weightOf(decoder, adapter, `model.layers.${layer}.${name}.weight`)
  const norm = (x: tf.Tensor, name: string) => rmsNorm(x, scaleOf(name), config.rmsNormEpsilon)
  const before = [...tableOf(decoder, adapter, "model.embed_tokens.weight"), scaleOf("input_layernorm")]
  const first = layer === 0 && !before.some(isTrainable)
  const headNorm = (rows: tf.Tensor, name: string) =>
    config.queryKeyNorm
      ? tf.reshape(norm(tf.reshape(rows, [-1, config.headSize]), `self_attn.${name}`), rows.shape)
      : rows

  const queriesKeysValues = (x: tf.Tensor) =>
    config.fusedProjections
      ? tf.split(project(x, "qkv_proj", first), [queryFeatures, keyFeatures, keyFeatures], -1)
      : [project(x, "q_proj", first), project(x, "k_proj", first), project(x, "v_proj", first)]
  const gateUp = (x: tf.Tensor) =>
    config.fusedProjections
      ? tf.split(project(x, "gate_up_proj"), 2, -1)
      : [project(x, "gate_proj"), project(x, "up_proj")]

  const [queries, keys, values] = queriesKeysValues(norm(stream, "input_layernorm"))
  if (queries === undefined || keys === undefined || values === undefined) {
    throw new Error("Attention needs queries, keys and values.")
  }
  const attended = attention(headNorm(queries, "q_norm"), headNorm(keys, "k_norm"), values, shape, tables)
  const between = tf.add(stream, project(attended, "o_proj"))

  const [gate, up] = gateUp(norm(between, "post_attention_layernorm"))
  if (gate === undefined || up === undefined) throw new Error("The feed-forward part needs gate and up.")
  return tf.add(between, project(swiglu(gate, up), "down_proj"))
}
