import * as tf from "@tensorflow/tfjs"
import type { Adapter, Decoder, Weights } from "./types.ts"
import { isTrainable } from "./weight.ts"

/** A run of a table's rows that is a tensor of its own. */
export interface RowPart {
  /** The weight's name where it is whole, else that name with the part's number. */
  readonly name: string
  readonly start: number
  readonly rows: number
}

const partName = (name: string, part: number): string => `${name}.rows.${part}`

/**
 * The parts of a table of 32-bit floats, none of which is larger than a backend's tensors can be: embeddings and output heads of
 * large vocabularies are beyond what WebGPU binds at once. A table that fits is one part.
 */
export const rowParts = (
  name: string,
  [rows = 0, width = 1]: ReadonlyArray<number>,
  largestTensorBytes: number
): ReadonlyArray<RowPart> => {
  const rowsAtOnce = Math.max(1, Math.floor(largestTensorBytes / (4 * width)))
  if (rows <= rowsAtOnce) return [{ name, start: 0, rows }]
  return Array.from({ length: Math.ceil(rows / rowsAtOnce) }, (_, part) => {
    const start = part * rowsAtOnce
    return { name: partName(name, part), start, rows: Math.min(rowsAtOnce, rows - start) }
  })
}

/** The tensors of a table, in the order of its rows: one where it is whole. */
const partsIn = (weights: Weights, name: string): ReadonlyArray<tf.Tensor> => {
  const whole = weights[name]
  if (whole !== undefined) return [whole]
  const parts: Array<tf.Tensor> = []
  for (;;) {
    const part = weights[partName(name, parts.length)]
    if (part === undefined) return parts
    parts.push(part)
  }
}

/** The tensors of the table of that name that holds with `adapter`; parts of a table are frozen. */
export const tableOf = (
  decoder: Decoder,
  adapter: Adapter | undefined,
  name: string
): ReadonlyArray<tf.Tensor> => {
  const own = adapter?.variables[name]
  const parts = own === undefined ? partsIn(decoder.weights, name) : [own]
  if (parts.length === 0) throw new Error(`The decoder has no weight named ${name}.`)
  if (parts.length > 1 && parts.some(isTrainable)) {
    throw new Error(
      `${name} is too large for the backend to be trained: it lies there in ${parts.length} parts.`
    )
  }
  return parts
}

/** Two by two: WebGPU adds no more than seven at once. */
const sumOf = (tensors: ReadonlyArray<tf.Tensor>): tf.Tensor => tensors.reduce((sum, one) => tf.add(sum, one))

/** The rows of a table with the numbers `ids` `[count]`: `[count, width]`. */
export const gatherRows = (parts: ReadonlyArray<tf.Tensor>, ids: tf.Tensor1D): tf.Tensor => {
  const [first] = parts
  if (first !== undefined && parts.length === 1) return tf.gather(first, ids)
  let start = 0
  const found = parts.map((part) => {
    const rows = part.shape[0] ?? 0
    const local = tf.sub(ids, tf.scalar(start, "int32"))
    start += rows
    // Not clipByValue, which takes integers' bits for a float's on wasm.
    const nearest = tf.minimum(tf.maximum(local, tf.scalar(0, "int32")), tf.scalar(rows - 1, "int32"))
    const here = tf.cast(tf.equal(local, nearest), "float32")
    return tf.mul(tf.gather(part, nearest), tf.reshape(here, [-1, 1]))
  })
  return sumOf(found)
}

/** Rows `x` `[rows, width]` times the table transposed: `[rows, table rows]`. */
export const timesTable = (x: tf.Tensor, parts: ReadonlyArray<tf.Tensor>): tf.Tensor => {
  const products = parts.map((part) => tf.matMul(x, part, false, true))
  const [only] = products
  return only !== undefined && products.length === 1 ? only : tf.concat(products, 1)
}

/** Weighted sums of a table's rows: `weights` `[rows, table rows]` times the table, `[rows, width]`. */
export const sumTable = (weights: tf.Tensor, parts: ReadonlyArray<tf.Tensor>): tf.Tensor => {
  const [first] = parts
  if (first !== undefined && parts.length === 1) return tf.matMul(weights, first)
  let start = 0
  const sums = parts.map((part) => {
    const columns = tf.slice(weights, [0, start], [-1, part.shape[0] ?? 0])
    start += part.shape[0] ?? 0
    return tf.matMul(columns, part)
  })
  return sumOf(sums)
}
