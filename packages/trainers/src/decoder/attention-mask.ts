import * as tf from "@tensorflow/tfjs"
import type { Branches, TokenBatch } from "./types.ts"

const hidden = -1e9

/** A run of query positions; causal attention looks no further than its end. */
export interface QueryBlock {
  readonly start: number
  readonly end: number
}

/** The additive causal mask of a block, of which each token sees the last `window`, itself included. */
const causalMask = ({ start, end }: QueryBlock, window: number): tf.Tensor => {
  const values = new Float32Array((end - start) * end).fill(hidden)
  for (let from = start; from < end; from++) {
    const row = (from - start) * end
    values.fill(0, row + Math.max(0, from - window + 1), row + from + 1)
  }
  return tf.tensor(values, [end - start, end])
}

/**
 * The additive mask of a block of rows in branches: a token sees what precedes it in the trunk and in its own branch, as far back as the
 * window reaches. The window counts positions, for tokens of other branches may lie between.
 */
const branchMask = (
  { positions, branch }: Branches,
  batch: number,
  time: number,
  { start, end }: QueryBlock,
  window: number
): tf.Tensor => {
  const size = end - start
  const values = new Float32Array(batch * size * end).fill(hidden)
  for (let row = 0; row < batch; row++) {
    const first = row * time
    for (let from = start; from < end; from++) {
      const own = branch[first + from]
      const horizon = (positions[first + from] ?? 0) - window
      const at = (row * size + from - start) * end
      for (let to = 0; to <= from; to++) {
        const other = branch[first + to]
        const near = (positions[first + to] ?? 0) > horizon
        if (near && (other === 0 || other === own)) values[at + to] = 0
      }
    }
  }
  return tf.tensor(values, [batch, 1, size, end])
}

/**
 * What the tokens of a block see of those up to its end: `[block, end]`, or `[batch, 1, block, end]`; 0 there, else a large negative
 * number.
 */
export const attentionMask = (
  { batch, time, branches }: TokenBatch,
  block: QueryBlock,
  window = Number.POSITIVE_INFINITY
): tf.Tensor =>
  branches === undefined ? causalMask(block, window) : branchMask(branches, batch, time, block, window)
