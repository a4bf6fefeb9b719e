import * as tf from "@tensorflow/tfjs"
import { hasExtraKernel } from "../backend/kernels/extra-kernel.ts"
import { activationCheckpoint } from "./activation-checkpoint.ts"
import { type AttentionShape, type AttentionTables, queryBlocks } from "./attention.ts"
import { attentionMask, type QueryBlock } from "./attention-mask.ts"
import { decoderLayer } from "./decoder-layer.ts"
import { rmsNorm } from "./rms-norm.ts"
import { makeRotation } from "./rotary.ts"
import { gatherRows, tableOf, timesTable } from "./row-table.ts"
import type { Adapter, Decoder, DecoderConfig, TokenBatch } from "./types.ts"
import { isTrainable, weightOf } from "./weight.ts"
import { headName } from "./weight-shapes.ts"

/** How to compute a forward pass. */
export interface ForwardOptions {
  /** Keeps only what goes into each layer, and computes the rest again for the gradient: a third more work, far less memory. */
  readonly checkpointing?: boolean
}

/** The variables that a layer's output depends on. */
const layerVariables = (
  decoder: Decoder,
  adapter: Adapter | undefined,
  layer: number
): ReadonlyArray<tf.Tensor> => {
  const named = { ...decoder.weights, ...adapter?.variables }
  return Object.entries(named)
    .filter(([name, tensor]) => name.startsWith(`model.layers.${layer}.`) && isTrainable(tensor))
    .map(([, tensor]) => tensor)
}

/** The tables of attention by layer; layers with the same window share theirs. */
const attentionTables = (
  config: DecoderConfig,
  tokens: TokenBatch,
  positions: Int32Array,
  needed: number
): ((layer: number) => AttentionTables) => {
  const rotation = (scale: number) =>
    makeRotation(config, positions, tokens.branches === undefined ? 1 : tokens.batch, scale)
  const queryRotation = rotation(1 / Math.sqrt(config.headSize))
  const keyRotation = rotation(1)
  const { batch, time, branches } = tokens
  const blocks = queryBlocks(config, tokens)
  const atOnce = blocks.length === 1 && !hasExtraKernel("CausalAttention")
  const sequences = branches && {
    positions: tf.tensor(branches.positions, [batch * time], "int32"),
    numbers: tf.tensor(branches.branch, [batch * time], "int32")
  }
  const shared = { queryRotation, keyRotation, blocks, ...(sequences && { branches: sequences }) }
  const make = (window: number | undefined): AttentionTables => {
    const whole = atOnce ? attentionMask(tokens, { start: 0, end: time }, window) : undefined
    const visible = (block: QueryBlock) => whole ?? attentionMask(tokens, block, window)
    return { ...shared, visible, ...(window !== undefined && { window }) }
  }
  const made = new Map<number | undefined, AttentionTables>()
  return (layer) => {
    const window = config.slidingWindows?.[layer]
    const reach = window !== undefined && window < needed ? window : undefined
    const tables = made.get(reach) ?? make(reach)
    made.set(reach, tables)
    return tables
  }
}

/**
 * The decoder's hidden states after its last norm, `[batch * time, hiddenSize]`.
 *
 * Sequences are padded at the end, where causal attention keeps padding out of what comes before. Differentiable with respect to the
 * variables among the weights and the adapter's. Call it within `tf.tidy` or a gradient function.
 */
export const forward = (
  decoder: Decoder,
  adapter: Adapter | undefined,
  tokens: TokenBatch,
  { checkpointing = false }: ForwardOptions = {}
): tf.Tensor => {
  const { config } = decoder
  const { batch, time, branches } = tokens
  const positions = branches?.positions ?? Int32Array.from({ length: time }, (_, position) => position)
  const needed = 1 + positions.reduce((most, position) => Math.max(most, position), 0)
  if (needed > config.maximumPositions) {
    throw new Error(`${needed} tokens do not fit the decoder's ${config.maximumPositions} positions.`)
  }
  const { heads, keyValueHeads, headSize } = config
  const shape: AttentionShape = { batch, time, heads, keyValueHeads, headSize }
  const makeTables = () => attentionTables(config, tokens, positions, needed)
  const tables = makeTables()
  let stream = gatherRows(
    tableOf(decoder, adapter, "model.embed_tokens.weight"),
    tf.tensor1d(tokens.ids, "int32")
  )
  for (let layer = 0; layer < config.layers; layer++) {
    stream = checkpointing
      ? activationCheckpoint(
          (x) => decoderLayer(x, decoder, adapter, layer, shape, makeTables()(layer)),
          stream,
          layerVariables(decoder, adapter, layer)
        )
      : decoderLayer(stream, decoder, adapter, layer, shape, tables(layer))
  }
  return rmsNorm(stream, weightOf(decoder, adapter, "model.norm.weight"), config.rmsNormEpsilon)
}

/** The logits of every position, `[batch * time, vocabularySize]`: for small inputs and tests. */
export const forwardLogits = (
  decoder: Decoder,
  adapter: Adapter | undefined,
  tokens: TokenBatch
): tf.Tensor => {
  return timesTable(forward(decoder, adapter, tokens), tableOf(decoder, adapter, headName(decoder.config)))
}
