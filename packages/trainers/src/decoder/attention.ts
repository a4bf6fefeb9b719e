import * as tf from "@tensorflow/tfjs"
import { hasExtraKernel } from "../backend/kernels/extra-kernel.ts"
import type { QueryBlock } from "./attention-mask.ts"
import { fusedAttention } from "./fused-attention.ts"
import { type Rotation, rotate, rotateBack } from "./rotary.ts"
import { savedTensor, withGradient } from "./with-gradient.ts"

/** What attention needs besides its inputs, made once for all layers. */
export interface AttentionTables {
  readonly queryRotation: Rotation
  readonly keyRotation: Rotation
  /** How many positions a query sees, itself included; all of those before it without. */
  readonly window?: number
  /** Where rows are more than one sequence: positions and branches of the tokens, `[batch * time]`. */
  readonly branches?: { readonly positions: tf.Tensor; readonly numbers: tf.Tensor }
  /** The queries, in blocks small enough for the scores of one to be in memory. */
  readonly blocks: ReadonlyArray<QueryBlock>
  /** What is added to a block's scores: see `attentionMask`. */
  readonly visible: (block: QueryBlock) => tf.Tensor
}

/** Sizes of an attention; `heads` is a multiple of `keyValueHeads`. */
export interface AttentionShape {
  readonly batch: number
  readonly time: number
  readonly heads: number
  readonly keyValueHeads: number
  readonly headSize: number
}

/** Scores of a block in memory at once, unless a single query has more. */
const largestScores = 8_388_608

/**
 * The blocks of queries that attention is computed in. A sequence of up to four times the head size is one block, whose
 * probabilities are kept for the gradient: they are then of the order of the queries themselves. Longer ones are computed again, so
 * that memory goes with batch and time, never with time squared.
 */
export const queryBlocks = (
  { heads, headSize }: { readonly heads: number; readonly headSize: number },
  { batch, time }: { readonly batch: number; readonly time: number },
  maximumScores = largestScores
): ReadonlyArray<QueryBlock> => {
  const size = Math.max(1, Math.min(time, Math.floor(maximumScores / (batch * heads * time))))
  if (time <= 4 * headSize || size === time) return [{ start: 0, end: time }]
  return Array.from({ length: Math.ceil(time / size) }, (_, block) => ({
    start: block * size,
    end: Math.min(time, (block + 1) * size)
  }))
}

const tablesOf = ({ straight, crossed }: Rotation): ReadonlyArray<tf.Tensor> => [straight, crossed]

/**
 * Causal grouped-query attention of rows `queries` `[batch * time, heads * headSize]` to `keys` and `values`
 * `[batch * time, keyValueHeads * headSize]`; the query rotation carries the scale `1 / sqrt(headSize)`.
 */
export const attention = (
  queries: tf.Tensor,
  keys: tf.Tensor,
  values: tf.Tensor,
  shape: AttentionShape,
  tables: AttentionTables
): tf.Tensor =>
  hasExtraKernel("CausalAttention")
    ? fusedAttention(queries, keys, values, shape, tables)
    : composedAttention(queries, keys, values, shape, tables)

const composedAttention = (
  queries: tf.Tensor,
  keys: tf.Tensor,
  values: tf.Tensor,
  { batch, time, heads, keyValueHeads, headSize }: AttentionShape,
  { queryRotation, keyRotation, blocks, visible }: AttentionTables
): tf.Tensor => {
  const group = heads / keyValueHeads
  const stacks = batch * keyValueHeads
  // Heads come before time; a group's query heads stand below one another, so that keys and values are not repeated for them.
  const stack = (rows: tf.Tensor, count: number, rotation?: Rotation): tf.Tensor => {
    const apart = tf.reshape(rows, [batch, time, count, headSize])
    const turned = tf.transpose(rotation === undefined ? apart : rotate(apart, rotation), [0, 2, 1, 3])
    return tf.reshape(turned, [stacks, (count / keyValueHeads) * time, headSize])
  }
  const unstack = (stacked: tf.Tensor, count: number, rotation?: Rotation): tf.Tensor => {
    const apart = tf.transpose(tf.reshape(stacked, [batch, count, time, headSize]), [0, 2, 1, 3])
    return tf.reshape(rotation === undefined ? apart : rotateBack(apart, rotation), [
      batch * time,
      count * headSize
    ])
  }
  const whole = blocks.length === 1
  const ofQueries = (stacked: tf.Tensor, { start, end }: QueryBlock): tf.Tensor => {
    if (whole) return stacked
    const width = stacked.shape.at(-1) ?? 0
    const apart = tf.reshape(stacked, [stacks, group, time, width])
    const block = tf.slice(apart, [0, 0, start, 0], [stacks, group, end - start, width])
    return tf.reshape(block, [stacks, group * (end - start), width])
  }
  const ofKeys = (stacked: tf.Tensor, { end }: QueryBlock): tf.Tensor =>
    whole ? stacked : tf.slice(stacked, [0, 0, 0], [stacks, end, headSize])
  const byGroup = (stacked: tf.Tensor, { start, end }: QueryBlock): tf.Tensor =>
    tf.reshape(stacked, [stacks, group, end - start, headSize])
  const together = (parts: Array<tf.Tensor>): tf.Tensor =>
    tf.reshape(whole ? tf.concat(parts) : tf.concat(parts, 2), [stacks, group * time, headSize])
  /** `[stacks, group * block, end]`. */
  const probabilities = (query: tf.Tensor, key: tf.Tensor, block: QueryBlock): tf.Tensor => {
    const size = block.end - block.start
    const scores = tf.matMul(ofQueries(query, block), ofKeys(key, block), false, true)
    const seen = tf.add(tf.reshape(scores, [batch, heads, size, block.end]), visible(block))
    return tf.reshape(tf.softmax(seen), [stacks, group * size, block.end])
  }

  return withGradient(
    [queries, keys, values],
    (save) => {
      const query = stack(queries, heads, queryRotation)
      const key = stack(keys, keyValueHeads, keyRotation)
      const value = stack(values, keyValueHeads)
      const kept: Array<tf.Tensor> = []
      const mixtures = blocks.map((block) =>
        tf.tidy(() => {
          const attended = probabilities(query, key, block)
          if (whole) kept.push(tf.keep(attended))
          const mixed = tf.matMul(attended, ofKeys(value, block))
          return byGroup(mixed, block)
        })
      )
      const mixed = together(mixtures)
      save([query, key, value, mixed, ...tablesOf(queryRotation), ...tablesOf(keyRotation), ...kept])
      tf.dispose(kept)
      return unstack(mixed, heads)
    },
    (dy, saved) => {
      const [query, key] = [savedTensor(saved, 0), savedTensor(saved, 1)]
      const [value, mixed] = [savedTensor(saved, 2), savedTensor(saved, 3)]
      const [queryBack, keyBack] = [
        { ...queryRotation, straight: savedTensor(saved, 4), crossed: savedTensor(saved, 5) },
        { ...keyRotation, straight: savedTensor(saved, 6), crossed: savedTensor(saved, 7) }
      ]
      const dMixed = stack(dy, heads)
      const along = tf.sum(tf.mul(dMixed, mixed), -1, true)
      const queryParts: Array<tf.Tensor> = []
      // From the last block, which alone sees every key, to the first.
      let sums: ReadonlyArray<tf.Tensor> = []
      const addTo = (sum: tf.Tensor | undefined, part: tf.Tensor): tf.Tensor =>
        sum === undefined
          ? part
          : tf.add(
              sum,
              tf.pad(part, [
                [0, 0],
                [0, time - (part.shape[1] ?? 0)],
                [0, 0]
              ])
            )
      for (const block of blocks.toReversed()) {
        const [dQueryHere, nextKey, nextValue] = tf.tidy(() => {
          const attended = whole ? savedTensor(saved, 8) : probabilities(query, key, block)
          const dMixedHere = ofQueries(dMixed, block)
          const dAttended = tf.matMul(dMixedHere, ofKeys(value, block), false, true)
          const dScores = tf.mul(attended, tf.sub(dAttended, ofQueries(along, block)))
          return [
            byGroup(tf.matMul(dScores, ofKeys(key, block)), block),
            addTo(sums[0], tf.matMul(dScores, ofQueries(query, block), true, false)),
            addTo(sums[1], tf.matMul(attended, dMixedHere, true, false))
          ]
        })
        tf.dispose([...sums])
        queryParts.unshift(dQueryHere)
        sums = [nextKey, nextValue]
      }
      const dQuery = together(queryParts)
      return [
        () => unstack(dQuery, heads, queryBack),
        () => unstack(savedTensor(sums, 0), keyValueHeads, keyBack),
        () => unstack(savedTensor(sums, 1), keyValueHeads)
      ]
    }
  )
}
