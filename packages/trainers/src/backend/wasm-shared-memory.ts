import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join, sep } from "node:path"
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm"

const moduleName = "tfjs-backend-wasm-simd.wasm"
const memorySection = 5
/** How a memory's limits begin: with a maximum, and the same where threads share it. */
const [withMaximum, sharedWithMaximum] = [1, 3]

/** Reads an unsigned integer in LEB128: its value, and where it ends. */
function unsigned(bytes: Uint8Array, start: number): readonly [value: number, end: number] {
  let [value, at, factor] = [0, start, 1]
  for (;;) {
    const byte = bytes[at++] ?? 0
    value += (byte & 0x7f) * factor
    factor *= 128
    if (byte < 0x80) return [value, at]
  }
}

/** A module with a memory of its own, changed so that threads can share that memory; throws where it has none with a maximum. */
export function withSharedMemory(module: Uint8Array): Uint8Array {
  for (let at = 8; at < module.length; ) {
    const [size, content] = unsigned(module, at + 1)
    if (module[at] === memorySection) {
      if (module[content] !== 1 || module[content + 1] !== withMaximum) break
      const changed = module.slice()
      changed[content + 1] = sharedWithMaximum
      return changed
    }
    at = content + size
  }
  throw new Error("the WebAssembly module of the backend has no memory that could be shared")
}

/**
 * Runs `load`, which initialises the backend, so that it gets a module whose memory threads can share. Upstream's own threaded module
 * does not run in Node.
 */
export async function loadingSharedMemory<A>(load: () => Promise<A>): Promise<A> {
  const main = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm")
  const directory = await mkdtemp(join(tmpdir(), "wasm-"))
  try {
    const module = await readFile(join(dirname(main), moduleName))
    await writeFile(join(directory, moduleName), withSharedMemory(module))
    setWasmPaths(`${directory}${sep}`)
    return await load()
  } finally {
    await rm(directory, { recursive: true })
  }
}
