import * as tf from "@tensorflow/tfjs"
import { addKernel, replaceKernel } from "./replace-kernel.ts"
import { requiredInput, wasm, wasmBackend } from "./wasm-kernel.ts"

type Numbers = Float32Array | Int32Array | Uint8Array

/**
 * Adds row `i` of `values` to row `segments[i]` of `sums`, in place; rows have `width` elements.
 *
 * A row whose segment is negative or too large is dropped, as TensorFlow specifies.
 */
export function addSegments(sums: Numbers, values: Numbers, segments: Numbers, width: number): void {
  const count = width === 0 ? 0 : sums.length / width
  for (let row = 0; row < segments.length; row++) {
    const segment = segments[row] ?? -1
    if (segment < 0 || segment >= count) continue
    const [from, to] = [row * width, segment * width]
    for (let column = 0; column < width; column++) {
      sums[to + column] = (sums[to + column] ?? 0) + (values[from + column] ?? 0)
    }
  }
}

interface Call {
  readonly values: tf.TensorInfo
  readonly segments: tf.TensorInfo
  readonly width: number
  readonly outShape: number[]
}

function parse(inputs: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap | undefined): Call {
  const [values, segments] = [requiredInput(inputs, "x"), requiredInput(inputs, "segmentIds")]
  const segmentCount = attrs?.numSegments
  if (typeof segmentCount !== "number") throw new Error("unsortedSegmentSum needs a number of segments")
  const rowShape = values.shape.slice(segments.shape.length)
  return { values, segments, width: tf.util.sizeFromShape(rowShape), outShape: [segmentCount, ...rowShape] }
}

const onWasm: tf.KernelFunc = ({ inputs, backend: anyBackend, attrs }) => {
  const backend = wasmBackend(anyBackend)
  const { values, segments, width, outShape } = parse(inputs, attrs)
  const out = backend.makeOutput(outShape, values.dtype)
  // Views of the heap are taken after the allocation, which may move the heap.
  const sums = backend.typedArrayFromHeap(out).fill(0)
  addSegments(
    numbers(sums),
    numbers(backend.typedArrayFromHeap(values)),
    numbers(backend.typedArrayFromHeap(segments)),
    width
  )
  return out
}

const onCpu: tf.KernelFunc = ({ inputs, backend, attrs }) => {
  if (!(backend instanceof tf.MathBackendCPU)) throw new Error("a cpu kernel was called with another backend")
  const { values, segments, width, outShape } = parse(inputs, attrs)
  const sums = tf.util.makeZerosTypedArray(tf.util.sizeFromShape(outShape), values.dtype)
  addSegments(
    numbers(sums),
    numbers(backend.readSync(values.dataId)),
    numbers(backend.readSync(segments.dataId)),
    width
  )
  return backend.makeTensorInfo(outShape, values.dtype, sums)
}

function numbers(data: unknown): Numbers {
  if (data instanceof Float32Array || data instanceof Int32Array || data instanceof Uint8Array) return data
  throw new Error("unsortedSegmentSum needs numbers")
}

/**
 * Registers the sum of rows by segment, which is the gradient of `gather`: the wasm backend has none, and the one
 * of the cpu backend takes time proportional to segments times rows.
 */
export function registerUnsortedSegmentSum(backend: "wasm" | "cpu"): void {
  if (backend === wasm) addKernel("UnsortedSegmentSum", wasm, onWasm)
  else replaceKernel("UnsortedSegmentSum", "cpu", () => onCpu)
}
