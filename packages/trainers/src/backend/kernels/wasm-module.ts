/// <reference path="../../sampler/webassembly.d.ts" />
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm"

interface Emscripten {
  readonly asm: { readonly memory: WebAssembly.Memory }
}

function isEmscripten(module: object): module is Emscripten {
  if (!("asm" in module)) return false
  const { asm } = module
  return typeof asm === "object" && asm !== null && "memory" in asm && typeof asm.memory === "object"
}

/** The memory that holds the backend's tensors. */
export function tensorMemory(backend: BackendWasm): WebAssembly.Memory {
  const module: object = backend.wasm
  if (isEmscripten(module)) return module.asm.memory
  throw new Error("this version of @tensorflow/tfjs-backend-wasm does not show its memory; 4.22.0 does")
}

/** Whether threads can share the backend's memory. */
export function sharesMemory(backend: BackendWasm): boolean {
  const buffer: unknown = tensorMemory(backend).buffer
  return buffer instanceof SharedArrayBuffer
}
