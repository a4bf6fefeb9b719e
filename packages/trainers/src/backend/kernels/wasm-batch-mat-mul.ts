import type * as tf from "@tensorflow/tfjs"
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm"
import { type ProductLayout, productLayout } from "./matrix-product.ts"
import { replaceKernel } from "./replace-kernel.ts"
import { requiredInput, runKernel, tensorId, wasm, wasmBackend, withView } from "./wasm-kernel.ts"
import { type StockProduct, stockProduct, tensorMemory } from "./wasm-module.ts"
import { compileProducts, type Products } from "./wasm-product-code.ts"

const floatBytes = Float32Array.BYTES_PER_ELEMENT

const shapeBytes = (shape: ReadonlyArray<number>): Uint8Array => new Uint8Array(Int32Array.from(shape).buffer)

const size = (shape: ReadonlyArray<number>): number => shape.reduce((product, length) => product * length, 1)

/** Swaps the last two dimensions; the caller disposes of the result. */
function swapped(backend: BackendWasm, tensor: tf.TensorInfo): tf.TensorInfo {
  const rank = tensor.shape.length
  const perm = tensor.shape.map((_, axis) =>
    axis < rank - 2 ? axis : axis === rank - 2 ? rank - 1 : rank - 2
  )
  return runKernel(backend, "Transpose", { x: tensor }, { perm })
}

/** A product to do, and where it goes. */
interface Job {
  readonly backend: BackendWasm
  readonly a: tf.TensorInfo
  readonly b: tf.TensorInfo
  readonly out: tf.TensorInfo
  readonly transposeA: boolean
  readonly transposeB: boolean
  readonly layout: ProductLayout
  /** The batch can count as rows: the right operand is one matrix. */
  readonly folds: boolean
}

/**
 * Whether XNNPACK is worth its price: a transposed copy where an operand is transposed, and packing the right operand.
 *
 * It keeps the packing for as long as the tensor lives, so weights used as they are pay once. Its packed layout wins
 * over ours where the right operand, read in strips, no longer fits the processor's caches.
 */
function wantsXnnpack({ folds, transposeA, transposeB, layout }: Job): boolean {
  const { inner, columns } = layout
  const rows = layout.rows * layout.batchSize
  if (!folds || rows * inner * columns < 65_536) return false
  if (!transposeA && !transposeB) return true
  return rows >= 32 && (transposeA ? columns > 256 : inner > 512)
}

/** Multiplies by XNNPACK, the batch folded into the rows. */
function makePacked(): (job: Job) => void {
  const compiled = new WeakMap<BackendWasm, StockProduct>()
  // XNNPACK finds its packed copy of a right operand by the tensor's id alone: the same data under a second shape
  // would be read through the packing of the first.
  const packedColumns = new WeakMap<object, number>()

  return ({ backend, a, b, out, transposeA, transposeB, layout }) => {
    const product = compiled.get(backend) ?? stockProduct(backend)
    compiled.set(backend, product)
    const { inner, columns } = layout
    const leftShape = shapeBytes([1, layout.rows * layout.batchSize, inner])
    const rightShape = shapeBytes([1, inner, columns])
    const left = transposeA ? swapped(backend, a) : a
    const right = transposeB ? swapped(backend, b) : b
    const multiply = (operand: tf.TensorInfo): void => {
      const [leftId, rightId, outId] = [
        tensorId(backend, left),
        tensorId(backend, operand),
        tensorId(backend, out)
      ]
      product(leftId, leftShape, 3, rightId, rightShape, 3, 0, 0, outId)
    }
    const packed = packedColumns.get(right.dataId) ?? columns
    packedColumns.set(right.dataId, packed)
    if (packed === columns) multiply(right)
    else withView(backend, right, [inner, columns], 0, multiply)
    if (left !== a) backend.disposeData(left.dataId)
    if (right !== b) backend.disposeData(right.dataId)
  }
}

/** Multiplies item by item with our own code, which needs neither copies nor packing. */
function makeDirect(): (job: Job) => void {
  const compiled = new WeakMap<BackendWasm, Products>()

  return ({ backend, a, b, out, transposeA, transposeB, layout, folds }) => {
    const products = compiled.get(backend) ?? compileProducts(tensorMemory(backend))
    compiled.set(backend, products)
    // Scalar products of rows want the left operand's rows dense.
    const left = transposeA && transposeB ? swapped(backend, a) : a
    const strided = transposeA && !transposeB
    const foldRows = folds && !strided
    const rows = foldRows ? layout.rows * layout.batchSize : layout.rows
    const { inner, columns } = layout
    const address = (tensor: tf.TensorInfo): number => backend.getMemoryOffset(tensor.dataId)
    const [from, by, to] = [address(left), address(b), address(out)]
    const product = transposeB ? products.dots : products.rows
    const [aRow, aColumn] = strided ? [floatBytes, rows * floatBytes] : [inner * floatBytes, floatBytes]
    const bRow = (transposeB ? inner : columns) * floatBytes
    for (let item = 0; item < (foldRows ? 1 : layout.batchSize); item++) {
      product(
        from + layout.leftItem(item) * rows * inner * floatBytes,
        by + layout.rightItem(item) * inner * columns * floatBytes,
        to + item * rows * columns * floatBytes,
        rows,
        inner,
        columns,
        aRow,
        aColumn,
        bRow
      )
    }
    if (left !== a) backend.disposeData(left.dataId)
  }
}

/** Makes the kernel that replaces the stock BatchMatMul of the wasm backend. */
function makeBatchMatMul(stock: tf.KernelFunc): tf.KernelFunc {
  const [packed, direct] = [makePacked(), makeDirect()]
  return ({ inputs, backend: anyBackend, attrs }) => {
    const backend = wasmBackend(anyBackend)
    const [a, b] = [requiredInput(inputs, "a"), requiredInput(inputs, "b")]
    // The stock kernel says that it knows no other type.
    if (a.dtype !== "float32" || b.dtype !== "float32") return stock({ inputs, backend, attrs: attrs ?? {} })
    const [transposeA, transposeB] = [attrs?.transposeA === true, attrs?.transposeB === true]
    const layout = productLayout(a.shape, b.shape, transposeA, transposeB)
    const { batch, batchSize, rows, columns } = layout
    const out = backend.makeOutput([...batch, rows, columns], "float32")
    const folds = size(b.shape.slice(0, -2)) === 1 && size(a.shape.slice(0, -2)) === batchSize
    const job: Job = { backend, a, b, out, transposeA, transposeB, layout, folds }
    if (wantsXnnpack(job)) packed(job)
    else direct(job)
    return out
  }
}

/**
 * Registers the product of matrices for the wasm backend.
 *
 * The stock kernel multiplies in a scalar loop wherever an operand is transposed or has a batch, which is 93% of a
 * training step, pairs the items of a batch wrongly where both operands are broadcast, and stops the process where one
 * tensor is a right operand under two shapes.
 */
export function registerBatchMatMul(): void {
  replaceKernel("BatchMatMul", wasm, makeBatchMatMul)
}
