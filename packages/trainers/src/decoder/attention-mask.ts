import * as tf from "@tensorflow/tfjs"
import type { TokenBatch } from "./types.ts"

const hidden = -1e9

/** The additive causal mask of `time` positions, of which each sees the last `window`, itself included. */
const causalMask = (time: number, window: number): tf.Tensor => {
  const values = new Float32Array(time * time).fill(hidden)
  for (let from = 0; from < time; from++) {
    const first = Math.max(0, from - window + 1)
    values.fill(0, from * time + first, from * time + from + 1)
  }
  return tf.tensor(values, [time, time])
}

/**
 * The additive mask of rows in branches: a token sees what precedes it in the trunk and in its own branch, as far back as the window
 * reaches. The window counts positions, for tokens of other branches may lie between.
 */
const branchMask = (
  positions: Int32Array,
  branch: Int32Array,
  batch: number,
  time: number,
  window: number
): tf.Tensor => {
  const values = new Float32Array(batch * time * time).fill(hidden)
  for (let row = 0; row < batch; row++) {
    const start = row * time
    for (let from = 0; from < time; from++) {
      const own = branch[start + from]
      const first = (positions[start + from] ?? 0) - window
      for (let to = 0; to <= from; to++) {
        const other = branch[start + to]
        const near = (positions[start + to] ?? 0) > first
        if (near && (other === 0 || other === own)) values[(start + from) * time + to] = 0
      }
    }
  }
  return tf.tensor(values, [batch, 1, time, time])
}

/** What each token of a batch sees: `[time, time]`, or `[batch, 1, time, time]`; 0 there, else a large negative number. */
export const attentionMask = (
  { batch, time, branches }: TokenBatch,
  window = Number.POSITIVE_INFINITY
): tf.Tensor =>
  branches === undefined
    ? causalMask(time, window)
    : branchMask(branches.positions, branches.branch, batch, time, window)
