import type * as tf from "@tensorflow/tfjs"
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm"

const mebibyte = 1_048_576

/**
 * Bytes of the 4 GiB address space that tensors may fill. The rest stays free for the scratch memory of the compiled
 * kernels, which do not notice when they get none.
 */
export const wasmMemoryLimit = 3_840 * mebibyte

const guarded = new WeakSet<BackendWasm>()

/**
 * Makes an allocation fail where the wasm heap is full.
 *
 * Without it the allocator answers with address 0, and the tensor overwrites the memory of others without an error.
 */
export function guardMemory(backend: BackendWasm): void {
  if (guarded.has(backend)) return
  guarded.add(backend)
  const allocate = backend.move.bind(backend)
  backend.move = (dataId, values, shape, dtype, refCount) => {
    if (dtype === "string") return allocate(dataId, values, shape, dtype, refCount)
    // The values are copied only once the address is known to be good.
    allocate(dataId, null, shape, dtype, refCount)
    const address = backend.getMemoryOffset(dataId)
    const bytes = shape.reduce((size, length) => size * length, 1) * (dtype === "bool" ? 1 : 4)
    if (address === 0 || address + bytes > wasmMemoryLimit) {
      backend.disposeData(dataId, true)
      throw new Error(
        `The wasm backend has no memory for a ${dtype} tensor of shape [${shape}] (${Math.ceil(bytes / mebibyte)} MiB): ` +
          `its heap ends at ${wasmMemoryLimit / mebibyte} MiB. Use a smaller batch, shorter sequences or a smaller ` +
          "model, dispose of tensors that are no longer needed, or use the tensorflow backend."
      )
    }
    if (values !== null) copy(values, backend.typedArrayFromHeap({ dataId, shape, dtype }))
  }
}

function copy(values: tf.backend_util.BackendValues, heap: tf.backend_util.TypedArray): void {
  if (Array.isArray(values)) throw new Error("the wasm backend stores strings only in string tensors")
  heap.set(values)
}
