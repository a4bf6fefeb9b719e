import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm"

/**
 * The stock product of two matrices as it was compiled: fast (XNNPACK) for untransposed operands with a batch of 1, a
 * scalar loop for everything else. Operands are tensor ids, shapes the bytes of 32-bit integers.
 */
export type StockProduct = (
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
  cwrap(name: string, returns: null, parameters: ReadonlyArray<"number" | "array">): StockProduct
  readonly asm: { readonly memory: object }
}

function isEmscripten(module: object): module is Emscripten {
  if (!("cwrap" in module && typeof module.cwrap === "function" && "asm" in module)) return false
  const { asm } = module
  return typeof asm === "object" && asm !== null && "memory" in asm && typeof asm.memory === "object"
}

function emscripten(backend: BackendWasm): Emscripten {
  const module: object = backend.wasm
  if (isEmscripten(module)) return module
  throw new Error(
    "this version of @tensorflow/tfjs-backend-wasm shows neither its memory nor its functions; 4.22.0 does"
  )
}

/** The `WebAssembly.Memory` that holds the backend's tensors. */
export function tensorMemory(backend: BackendWasm): object {
  return emscripten(backend).asm.memory
}

/** The compiled function behind the stock BatchMatMul. */
export function stockProduct(backend: BackendWasm): StockProduct {
  return emscripten(backend).cwrap("BatchMatMul", null, [
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
