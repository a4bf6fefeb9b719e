import type * as tf from "@tensorflow/tfjs"
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm"
import type { KernelPool } from "./kernel-pool.ts"
import { productLayout } from "./matrix-product.ts"
import { replaceKernel } from "./replace-kernel.ts"
import { requiredInput, wasm, wasmBackend } from "./wasm-kernel.ts"

const floatBytes = 4
const panelWidth = 8

/** A part of a product is at least this many multiply-adds: less is not worth waking a thread. */
const smallestPart = 262_144

/** Rows and panels of a part. */
const [rowsAtOnce, panelsAtOnce] = [64, 16]

/** A matrix in the backend's memory: address and strides in bytes. */
interface Matrix {
  readonly address: number
  readonly row: number
  readonly column: number
}

interface Product {
  readonly a: Matrix
  readonly b: Matrix
  readonly c: Matrix
  readonly rows: number
  readonly inner: number
  readonly columns: number
}

const transposed = ({ address, row, column }: Matrix): Matrix => ({ address, row: column, column: row })

/** The same product as its transpose where that packs the smaller operand: `c' = b' a'`. */
const cheaper = ({ a, b, c, rows, inner, columns }: Product): Product =>
  rows < columns && rows <= 2 * panelWidth
    ? { a: transposed(b), b: transposed(a), c: transposed(c), rows: columns, inner, columns: rows }
    : { a, b, c, rows, inner, columns }

/** `c = a b`, packing b at `packed`. */
function multiply(pool: KernelPool, product: Product, packed: number): void {
  const { a, b, c, rows, inner, columns } = product
  const panels = Math.ceil(columns / panelWidth)
  const whole = rows * inner * columns < 2 * smallestPart
  const packSize = inner * columns < smallestPart ? panels : panelsAtOnce
  pool.run({
    kernel: "pack",
    parts: Math.ceil(panels / packSize),
    integers: [b.address, b.row, b.column, packed, inner, columns, packSize]
  })
  const [partRows, partPanels] = whole
    ? [rows, panels]
    : [rowsAtOnce, rows >= 4 * rowsAtOnce ? panels : panelsAtOnce]
  pool.run({
    kernel: "multiply",
    parts: Math.ceil(rows / partRows) * Math.ceil(panels / partPanels),
    integers: [
      ...[a.address, a.row, a.column, packed, c.address, c.row, c.column],
      ...[rows, inner, columns, partRows, partPanels]
    ]
  })
}

const size = (shape: ReadonlyArray<number>): number => shape.reduce((product, length) => product * length, 1)

/** Calls `use` with the address of scratch memory for `count` floats. */
function withScratch(backend: BackendWasm, count: number, use: (address: number) => void): void {
  const scratch = backend.makeOutput([count], "float32")
  try {
    use(backend.getMemoryOffset(scratch.dataId))
  } finally {
    backend.disposeData(scratch.dataId)
  }
}

const makeBatchMatMul =
  (pool: KernelPool) =>
  (stock: tf.KernelFunc): tf.KernelFunc =>
  ({ inputs, backend: anyBackend, attrs }) => {
    const backend = wasmBackend(anyBackend)
    const [a, b] = [requiredInput(inputs, "a"), requiredInput(inputs, "b")]
    // The stock kernel says that it knows no other type.
    if (a.dtype !== "float32" || b.dtype !== "float32") return stock({ inputs, backend, attrs: attrs ?? {} })
    const [transposeA, transposeB] = [attrs?.transposeA === true, attrs?.transposeB === true]
    const layout = productLayout(a.shape, b.shape, transposeA, transposeB)
    const { batch, batchSize, rows, inner, columns } = layout
    const out = backend.makeOutput([...batch, rows, columns], "float32")
    // Where the right operand is one matrix and the left one's rows lie below one another, the batch counts as rows.
    const folds = !transposeA && size(b.shape.slice(0, -2)) === 1 && size(a.shape.slice(0, -2)) === batchSize
    const [items, itemRows] = folds ? [1, rows * batchSize] : [batchSize, rows]
    if (items * itemRows * columns === 0) return out
    if (inner === 0) {
      backend.typedArrayFromHeap(out).fill(0)
      return out
    }
    const [from, by, to] = [a, b, out].map(({ dataId }) => backend.getMemoryOffset(dataId))
    if (from === undefined || by === undefined || to === undefined)
      throw new Error("a product has two factors")
    const dense = (address: number, width: number): Matrix => ({
      address,
      row: width * floatBytes,
      column: floatBytes
    })
    withScratch(backend, inner * (Math.max(itemRows, columns) + panelWidth), (packed) => {
      for (let item = 0; item < items; item++) {
        const left = from + layout.leftItem(item) * itemRows * inner * floatBytes
        const right = by + layout.rightItem(item) * inner * columns * floatBytes
        const product: Product = {
          a: transposeA ? transposed(dense(left, itemRows)) : dense(left, inner),
          b: transposeB ? transposed(dense(right, inner)) : dense(right, columns),
          c: dense(to + item * itemRows * columns * floatBytes, columns),
          rows: itemRows,
          inner,
          columns
        }
        multiply(pool, cheaper(product), packed)
      }
    })
    return out
  }

/**
 * Registers the product of matrices for the wasm backend.
 *
 * The stock kernel multiplies in a scalar loop wherever an operand is transposed or has a batch, which is 93% of a
 * training step, pairs the items of a batch wrongly where both operands are broadcast, and stops the process where one
 * tensor is a right operand under two shapes.
 */
export function registerBatchMatMul(pool: KernelPool): void {
  replaceKernel("BatchMatMul", wasm, makeBatchMatMul(pool))
}
