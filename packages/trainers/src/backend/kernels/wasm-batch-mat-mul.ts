import type * as tf from "@tensorflow/tfjs"
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm"
import { type ProductLayout, productLayout } from "./matrix-product.ts"
import { replaceKernel } from "./replace-kernel.ts"
import { requiredInput, runKernel, tensorId, wasm, wasmBackend, withView } from "./wasm-kernel.ts"

/**
 * The compiled product of two matrices. It is fast (XNNPACK) only for untransposed operands with a batch of 1;
 * everything else goes through a scalar loop. Operands are ids, shapes are the bytes of 32-bit integers.
 */
type CompiledProduct = (
  left: number,
  leftShape: Uint8Array,
  leftRank: number,
  right: number,
  rightShape: Uint8Array,
  rightRank: number,
  transposeLeft: number,
  transposeRight: number,
  out: number
) => void

interface Emscripten {
  cwrap(name: string, returns: null, parameters: ReadonlyArray<"number" | "array">): CompiledProduct
}

const hasCwrap = (module: object): module is Emscripten =>
  "cwrap" in module && typeof module.cwrap === "function"

/**
 * Whether one product on XNNPACK beats the scalar loop. Each costs about 45 microseconds to set up and to pack the
 * right operand, as much as the scalar loop needs for this many multiply-adds.
 */
const worthPacking = (rows: number, inner: number, columns: number): boolean =>
  rows >= 8 && rows * inner * columns >= 32_768

const shapeBytes = (shape: ReadonlyArray<number>): Uint8Array => new Uint8Array(Int32Array.from(shape).buffer)

const size = (shape: ReadonlyArray<number>): number => shape.reduce((product, length) => product * length, 1)

function compiledProduct(backend: BackendWasm): CompiledProduct {
  const module: object = backend.wasm
  if (!hasCwrap(module)) throw new Error("the wasm module exports no cwrap, so its kernels cannot be called")
  return module.cwrap("BatchMatMul", null, [
    "number",
    "array",
    "number",
    "number",
    "array",
    "number",
    "number",
    "number",
    "number"
  ])
}

/** Swaps the last two dimensions; the caller disposes of the result. */
function swapped(backend: BackendWasm, tensor: tf.TensorInfo): tf.TensorInfo {
  const rank = tensor.shape.length
  const perm = tensor.shape.map((_, axis) =>
    axis < rank - 2 ? axis : axis === rank - 2 ? rank - 1 : rank - 2
  )
  return runKernel(backend, "Transpose", { x: tensor }, { perm })
}

/**
 * Makes the kernel that replaces the stock BatchMatMul of the wasm backend.
 *
 * It transposes explicitly, folds the batch into the rows where the right operand is a single matrix, and
 * otherwise multiplies item by item through views, so that every large product runs on XNNPACK.
 */
function makeBatchMatMul(stock: tf.KernelFunc): tf.KernelFunc {
  const compiled = new WeakMap<BackendWasm, CompiledProduct>()
  // XNNPACK keeps a packed copy per right operand, looked up by the tensor's id alone: the same data under a
  // second shape would be read through the first one's packing.
  const packedColumns = new WeakMap<object, number>()

  const multiply = (
    backend: BackendWasm,
    left: tf.TensorInfo,
    right: tf.TensorInfo,
    out: tf.TensorInfo,
    { rows, inner, columns }: { readonly rows: number; readonly inner: number; readonly columns: number }
  ): void => {
    const run = compiled.get(backend) ?? compiledProduct(backend)
    compiled.set(backend, run)
    const [leftShape, rightShape] = [shapeBytes([1, rows, inner]), shapeBytes([1, inner, columns])]
    const ids = [tensorId(backend, left), tensorId(backend, right), tensorId(backend, out)] as const
    run(ids[0], leftShape, 3, ids[1], rightShape, 3, 0, 0, ids[2])
  }

  const multiplySingle = (
    backend: BackendWasm,
    left: tf.TensorInfo,
    right: tf.TensorInfo,
    out: tf.TensorInfo,
    layout: ProductLayout
  ): void => {
    const { inner, columns } = layout
    const folded = { rows: layout.rows * layout.batchSize, inner, columns }
    const packed = packedColumns.get(right.dataId)
    if (packed === undefined) packedColumns.set(right.dataId, columns)
    if (packed === undefined || packed === columns) multiply(backend, left, right, out, folded)
    else withView(backend, right, [inner, columns], 0, (view) => multiply(backend, left, view, out, folded))
  }

  const multiplyItems = (
    backend: BackendWasm,
    left: tf.TensorInfo,
    right: tf.TensorInfo,
    out: tf.TensorInfo,
    { rows, inner, columns, batchSize, leftItem, rightItem }: ProductLayout
  ): void => {
    for (let item = 0; item < batchSize; item++) {
      withView(backend, left, [rows, inner], leftItem(item) * rows * inner, (leftView) =>
        withView(backend, right, [inner, columns], rightItem(item) * inner * columns, (rightView) =>
          withView(backend, out, [rows, columns], item * rows * columns, (outView) =>
            multiply(backend, leftView, rightView, outView, { rows, inner, columns })
          )
        )
      )
    }
  }

  return ({ inputs, backend: anyBackend, attrs }) => {
    const backend = wasmBackend(anyBackend)
    const [a, b] = [requiredInput(inputs, "a"), requiredInput(inputs, "b")]
    const [transposeA, transposeB] = [attrs?.transposeA === true, attrs?.transposeB === true]
    const layout = productLayout(a.shape, b.shape, transposeA, transposeB)
    const { rows, inner, columns, batch, batchSize } = layout
    const [batchA, batchB] = [size(a.shape.slice(0, -2)), size(b.shape.slice(0, -2))]

    const folds = batchB === 1 && batchA === batchSize
    const plain = folds && !transposeA && !transposeB
    const fast = plain || worthPacking(folds ? rows * batchSize : rows, inner, columns)
    // The scalar loop pairs items by remainder, which is wrong where both operands are broadcast.
    const pairs = batchA === batchB ? batchA === batchSize : batchA === 1 || batchB === 1
    const supported = a.dtype === "float32" && b.dtype === "float32"
    if (!supported || (!fast && pairs)) return stock({ inputs, backend, attrs: attrs ?? {} })

    const out = backend.makeOutput([...batch, rows, columns], "float32")
    if (batchSize * rows * inner * columns === 0) {
      backend.typedArrayFromHeap(out).fill(0)
      return out
    }
    const left = transposeA ? swapped(backend, a) : a
    const right = transposeB ? swapped(backend, b) : b
    try {
      if (folds) multiplySingle(backend, left, right, out, layout)
      else multiplyItems(backend, left, right, out, layout)
    } finally {
      if (left !== a) backend.disposeData(left.dataId)
      if (right !== b) backend.disposeData(right.dataId)
    }
    return out
  }
}

/** Registers the fast product of matrices for the wasm backend; a stock training step spends 93% of its time there. */
export function registerBatchMatMul(): void {
  replaceKernel("BatchMatMul", wasm, makeBatchMatMul)
}
