import * as tf from "@tensorflow/tfjs"
import type { KernelPool } from "./kernel-pool.ts"
import { replaceKernel } from "./replace-kernel.ts"
import { requiredInput, wasm, wasmBackend } from "./wasm-kernel.ts"

/** Bytes of every type that is copied here. */
const elementBytes = 4

/** A part copies about this much. */
const bytesOfPart = 262_144

const isWide = ({ dtype }: tf.TensorInfo): boolean => dtype === "float32" || dtype === "int32"

const sizeOf = (shape: ReadonlyArray<number>): number =>
  shape.reduce((product, length) => product * length, 1)

const numbersOf = (value: unknown): number[] | undefined =>
  Array.isArray(value) && value.every((item) => typeof item === "number") ? value : undefined

/** A second tensor over the same memory, which goes when the last of them does. */
const identity =
  (stock: tf.KernelFunc): tf.KernelFunc =>
  (parameters) => {
    const x = requiredInput(parameters.inputs, "x")
    if (x.dtype === "string") return stock(parameters)
    wasmBackend(parameters.backend).incRef(x.dataId)
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype }
  }

const slice =
  (pool: KernelPool) =>
  (stock: tf.KernelFunc): tf.KernelFunc =>
  (parameters) => {
    const { inputs, attrs } = parameters
    const backend = wasmBackend(parameters.backend)
    const x = requiredInput(inputs, "x")
    const [begin, size] = [numbersOf(attrs?.begin), numbersOf(attrs?.size)]
    if (!isWide(x) || begin === undefined || size === undefined) return stock(parameters)
    const shape = size.map((length, axis) =>
      length < 0 ? (x.shape[axis] ?? 0) - (begin[axis] ?? 0) : length
    )
    if (begin.length !== x.shape.length || !tf.slice_util.isSliceContinous(x.shape, begin, shape)) {
      return stock(parameters)
    }
    const offset = tf.slice_util.computeFlatOffset(begin, tf.util.computeStrides(x.shape))
    const out = backend.makeOutput(shape, x.dtype)
    const bytes = sizeOf(shape) * elementBytes
    const from = backend.getMemoryOffset(x.dataId) + offset * elementBytes
    const parts = Math.ceil(bytes / bytesOfPart)
    const integers = [from, backend.getMemoryOffset(out.dataId), bytes, bytesOfPart]
    pool.run({ kernel: "copy", parts, integers })
    return out
  }

const gather =
  (pool: KernelPool) =>
  (stock: tf.KernelFunc): tf.KernelFunc =>
  (parameters) => {
    const { inputs, attrs } = parameters
    const backend = wasmBackend(parameters.backend)
    const [x, indices] = [requiredInput(inputs, "x"), requiredInput(inputs, "indices")]
    const byRow = attrs?.axis === 0 && (attrs.batchDims ?? 0) === 0
    if (!isWide(x) || indices.dtype !== "int32" || !byRow) return stock(parameters)
    const [count = 0, ...rowShape] = x.shape
    const rows = sizeOf(indices.shape)
    for (const index of backend.typedArrayFromHeap(indices)) {
      if (Number(index) < 0 || Number(index) >= count) {
        throw new Error(`GatherV2: the index value ${index} is not in [0, ${count - 1}]`)
      }
    }
    const out = backend.makeOutput([...indices.shape, ...rowShape], x.dtype)
    const rowBytes = sizeOf(rowShape) * elementBytes
    const each = Math.max(1, Math.round(bytesOfPart / Math.max(1, rowBytes)))
    const [table, numbers, to] = [x, indices, out].map(({ dataId }) => backend.getMemoryOffset(dataId))
    if (table === undefined || numbers === undefined || to === undefined) throw new Error("no operands")
    pool.run({
      kernel: "gatherRows",
      parts: Math.ceil(rows / each),
      integers: [table, numbers, to, rows, rowBytes, each]
    })
    return out
  }

/**
 * Replaces the wasm backend's clones, which copy, its slices, which copy all of what they take a part of, and its gathering of rows,
 * which goes element by element.
 */
export function registerCopies(pool: KernelPool): void {
  replaceKernel("Identity", wasm, identity)
  replaceKernel("Slice", wasm, slice(pool))
  replaceKernel("GatherV2", wasm, gather(pool))
}
