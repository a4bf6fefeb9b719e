import * as tf from "@tensorflow/tfjs"
import { replaceKernel } from "./replace-kernel.ts"
import { requiredInput, runKernel, wasm, wasmBackend } from "./wasm-kernel.ts"

/** Up to this many terms per sum, plain float32 accumulation stays within about 1e-4 of the truth. */
const shortSum = 2_048

/** Sums each run of `length` consecutive values in double precision. */
export function sumRuns(values: Float32Array, sums: Float32Array, length: number, scale: number): void {
  for (let run = 0; run < sums.length; run++) {
    let total = 0
    for (let index = run * length; index < (run + 1) * length; index++) total += values[index] ?? 0
    sums[run] = total * scale
  }
}

function makeReduction(stock: tf.KernelFunc, mean: boolean): tf.KernelFunc {
  return ({ inputs, backend: anyBackend, attrs }) => {
    const backend = wasmBackend(anyBackend)
    const x = requiredInput(inputs, "x")
    const { axis, keepDims } = attrs ?? {}
    const given = typeof axis === "number" || isNumbers(axis) ? axis : x.shape.map((_, index) => index)
    const axes = tf.util.parseAxisParam(given, x.shape)
    const length = tf.util.sizeFromShape(axes.map((index) => x.shape[index] ?? 1))
    if (x.dtype !== "float32" || length <= shortSum) return stock({ inputs, backend, attrs: attrs ?? {} })

    const permutation = tf.backend_util.getAxesPermutation(axes, x.shape.length)
    const rows = permutation === null ? x : runKernel(backend, "Transpose", { x }, { perm: permutation })
    const [outShape] = tf.backend_util.computeOutAndReduceShapes(x.shape, axes)
    const shape = keepDims === true ? tf.backend_util.expandShapeToKeepDim(outShape, axes) : outShape
    const out = backend.makeOutput(shape, "float32")
    const [values, sums] = [backend.typedArrayFromHeap(rows), backend.typedArrayFromHeap(out)]
    if (values instanceof Float32Array && sums instanceof Float32Array) {
      sumRuns(values, sums, length, mean ? 1 / length : 1)
    }
    if (rows !== x) backend.disposeData(rows.dataId)
    return out
  }
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => typeof item === "number")
}

/**
 * Replaces the wasm backend's `sum` and `mean` for long sums: plain float32 accumulation is 1% off over a million
 * elements.
 */
export function registerReductions(): void {
  replaceKernel("Sum", wasm, (stock) => makeReduction(stock, false))
  replaceKernel("Mean", wasm, (stock) => makeReduction(stock, true))
}
