import * as tf from "@tensorflow/tfjs"
import { type Rotation, rotate } from "./rotary.ts"

/** What attention needs besides its inputs, made once for all layers. */
export interface AttentionTables {
  readonly queryRotation: Rotation
  readonly keyRotation: Rotation
  /** `[time, time]`, or `[batch, 1, time, time]`: 0 where a position may look, else a large negative number. */
  readonly visible: tf.Tensor
}

/** Sizes of an attention; `heads` is a multiple of `keyValueHeads`. */
export interface AttentionShape {
  readonly batch: number
  readonly time: number
  readonly heads: number
  readonly keyValueHeads: number
  readonly headSize: number
}

/**
 * Causal grouped-query attention of rows `queries` `[batch * time, heads * headSize]` to `keys` and `values`
 * `[batch * time, keyValueHeads * headSize]`; the query rotation carries the scale `1 / sqrt(headSize)`.
 */
export const attention = (
  queries: tf.Tensor,
  keys: tf.Tensor,
  values: tf.Tensor,
  { batch, time, heads, keyValueHeads, headSize }: AttentionShape,
  tables: AttentionTables
): tf.Tensor => {
  const group = heads / keyValueHeads
  const byHead = (rows: tf.Tensor, count: number, rotation?: Rotation): tf.Tensor => {
    const apart = tf.reshape(rows, [batch, time, count, headSize])
    return tf.transpose(rotation === undefined ? apart : rotate(apart, rotation), [0, 2, 1, 3])
  }
  // A group's query heads stand below one another, so that keys and values are not repeated for them.
  const query = tf.reshape(byHead(queries, heads, tables.queryRotation), [
    batch * keyValueHeads,
    group * time,
    headSize
  ])
  const stacked = [batch * keyValueHeads, time, headSize]
  const key = tf.reshape(byHead(keys, keyValueHeads, tables.keyRotation), stacked)
  const value = tf.reshape(byHead(values, keyValueHeads), stacked)
  const scores = tf.reshape(tf.matMul(query, key, false, true), [batch, heads, time, time])
  const attended = tf.softmax(tf.add(scores, tables.visible))
  const mixed = tf.matMul(tf.reshape(attended, [batch * keyValueHeads, group * time, time]), value)
  const together = tf.transpose(tf.reshape(mixed, [batch, heads, time, headSize]), [0, 2, 1, 3])
  return tf.reshape(together, [batch * time, heads * headSize])
}
