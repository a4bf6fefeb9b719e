import { createRequire } from "node:module"
import { dirname, sep } from "node:path"
import * as tf from "@tensorflow/tfjs"
import { BackendWasm, setWasmPaths } from "@tensorflow/tfjs-backend-wasm"
import type { Loaded } from "./backend.ts"
import { registerUnsortedSegmentSum } from "./kernels/unsorted-segment-sum.ts"
import { registerBatchMatMul } from "./kernels/wasm-batch-mat-mul.ts"
import { registerFusedMatMul } from "./kernels/wasm-fused-mat-mul.ts"
import { registerReductions } from "./kernels/wasm-reductions.ts"
import { guardMemory } from "./wasm-memory-guard.ts"

/** Loads the WebAssembly backend with the kernels that make it right and fast; throws where WebAssembly is missing. */
export async function loadWasm(): Promise<Loaded> {
  if (!(tf.findBackend("wasm") instanceof BackendWasm)) {
    const main = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm")
    setWasmPaths(`${dirname(main)}${sep}`)
  }
  if (!(await tf.setBackend("wasm"))) throw new Error("the WebAssembly module did not initialise")
  const backend = tf.backend()
  if (!(backend instanceof BackendWasm)) throw new Error("another backend is registered under the name wasm")
  guardMemory(backend)
  registerBatchMatMul()
  registerFusedMatMul()
  registerReductions()
  registerUnsortedSegmentSum("wasm")
  const simd = await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT")
  return {
    detail: `tfjs-backend-wasm ${tf.version["tfjs-core"]}, ${simd === true ? "SIMD" : "no SIMD"}, 1 thread`
  }
}
