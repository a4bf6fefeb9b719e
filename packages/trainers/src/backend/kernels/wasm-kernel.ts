import * as tf from "@tensorflow/tfjs"
import { BackendWasm } from "@tensorflow/tfjs-backend-wasm"

/** The name under which TensorFlow.js registers its WebAssembly backend. */
export const wasm = "wasm"

/** The backend of a kernel call, checked to be the WebAssembly one. */
export function wasmBackend(backend: object): BackendWasm {
  if (backend instanceof BackendWasm) return backend
  throw new Error("a kernel of the wasm backend was called with the tensors of another backend")
}

/** An input that the kernel cannot do without. */
export function requiredInput(inputs: tf.NamedTensorInfoMap, name: string): tf.TensorInfo {
  const input = inputs[name]
  if (input === undefined) throw new Error(`the kernel's input ${name} is missing`)
  return input
}

/** The number by which the compiled code knows a tensor. */
export function tensorId(backend: BackendWasm, tensor: tf.TensorInfo): number {
  return backend.dataIdMap.get(tensor.dataId).id
}

/** Runs another kernel of the backend, for kernels made of kernels; the caller disposes of the result. */
export function runKernel(
  backend: BackendWasm,
  kernelName: string,
  inputs: tf.NamedTensorInfoMap,
  attrs: tf.NamedAttrMap = {}
): tf.TensorInfo {
  const output = tf.getKernel(kernelName, wasm).kernelFunc({ inputs, backend, attrs })
  if (Array.isArray(output))
    throw new Error(`${kernelName} gave ${output.length} tensors where one was expected`)
  return output
}

/**
 * Calls `use` with a second name for a part of a tensor's memory, without a copy.
 *
 * `offset` is in elements of 4 bytes. The view must not outlive the call: it owns no memory.
 */
export function withView<A>(
  backend: BackendWasm,
  tensor: tf.TensorInfo,
  shape: number[],
  offset: number,
  use: (view: tf.TensorInfo) => A
): A {
  const memory = backend.getMemoryOffset(tensor.dataId) + offset * Float32Array.BYTES_PER_ELEMENT
  const view = backend.makeOutput(shape, tensor.dtype, memory)
  try {
    return use(view)
  } finally {
    // disposeData of the backend would free the tensor's own memory, so only the two registrations go.
    backend.wasm.tfjs.disposeData(tensorId(backend, view))
    backend.dataIdMap.delete(view.dataId)
  }
}
