import { availableParallelism } from "node:os"
import * as tf from "@tensorflow/tfjs"
import { BackendWasm } from "@tensorflow/tfjs-backend-wasm"
import type { Loaded } from "./backend.ts"
import { type KernelPool, makeKernelPool } from "./kernels/kernel-pool.ts"
import { registerUnsortedSegmentSum } from "./kernels/unsorted-segment-sum.ts"
import { registerAttention } from "./kernels/wasm-attention.ts"
import { registerBatchMatMul } from "./kernels/wasm-batch-mat-mul.ts"
import { registerCopies } from "./kernels/wasm-copies.ts"
import { registerFusedMatMul } from "./kernels/wasm-fused-mat-mul.ts"
import { registerFusedRows } from "./kernels/wasm-fused-rows.ts"
import { wasm } from "./kernels/wasm-kernel.ts"
import { sharesMemory } from "./kernels/wasm-module.ts"
import { registerReductions } from "./kernels/wasm-reductions.ts"
import { guardMemory } from "./wasm-memory-guard.ts"
import { loadingSharedMemory } from "./wasm-shared-memory.ts"

const pools = new WeakMap<BackendWasm, KernelPool>()

/** Loads the WebAssembly backend with the kernels that make it right and fast; throws where WebAssembly is missing. */
export async function loadWasm(threads = availableParallelism()): Promise<Loaded> {
  // Asked for with findBackend, a backend would be initialised.
  const before = tf.engine().registry[wasm]
  if (!(before instanceof BackendWasm && pools.has(before))) {
    if (before instanceof BackendWasm && !sharesMemory(before)) {
      // Somebody else has loaded it, with a memory that threads cannot share.
      const factory = tf.findBackendFactory(wasm)
      tf.removeBackend(wasm)
      tf.registerBackend(wasm, factory)
    }
    if (!(await loadingSharedMemory(() => tf.setBackend(wasm)))) {
      throw new Error("the WebAssembly module did not initialise")
    }
  }
  await tf.setBackend(wasm)
  const backend = tf.backend()
  if (!(backend instanceof BackendWasm)) throw new Error("another backend is registered under the name wasm")
  guardMemory(backend)
  const pool = pools.get(backend) ?? makeKernelPool(backend, threads)
  pools.set(backend, pool)
  registerBatchMatMul(pool)
  registerCopies(pool)
  registerFusedMatMul()
  registerFusedRows(pool)
  registerAttention(pool)
  registerReductions()
  registerUnsortedSegmentSum(wasm)
  return {
    detail: `tfjs-backend-wasm ${tf.version["tfjs-core"]}, SIMD, ${pool.threads} thread${pool.threads === 1 ? "" : "s"}`
  }
}
