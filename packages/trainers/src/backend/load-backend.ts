import * as tf from "@tensorflow/tfjs"
import { Effect, Semaphore } from "effect"
import { type Backend, type BackendName, backendNames, type Loaded, type Rejection } from "./backend.ts"
import { BackendError } from "./backend-error.ts"
import { loadCpu } from "./cpu.ts"
import { loadNative } from "./native.ts"
import { quietly } from "./quietly.ts"
import { reasonOf } from "./reason-of.ts"
import { loadWasm } from "./wasm.ts"
import { loadWebgpu } from "./webgpu.ts"

/** Which backend to load. */
export interface BackendOptions {
  /** One backend and no other, or `auto`: the fastest that loads. Default `wasm`, which every machine has. */
  readonly prefer?: BackendName | "auto"
  /** Whether a WebGPU adapter that runs on the processor may be taken; it is slower than wasm. Default false. */
  readonly allowSoftwareGpu?: boolean
  /**
   * Threads of the processor to compute with, on the backends that do so; by default as many as there are. The first load of a backend
   * in a process decides. Results of wasm do not depend on it.
   */
  readonly threads?: number
}

const hints: Readonly<Record<BackendName, string>> = {
  tensorflow:
    "Install @tensorflow/tfjs-node (or @tensorflow/tfjs-node-gpu) beside the SDK, or ask for wasm; tracer doctor tells what is missing.",
  webgpu:
    "Install webgpu and @tensorflow/tfjs-backend-webgpu on a machine with a GPU, or ask for wasm; tracer doctor tells what is missing.",
  wasm: "Run on a JavaScript engine with WebAssembly, or ask for cpu.",
  cpu: "Reinstall @tensorflow/tfjs."
}

// The engine of TensorFlow.js belongs to the process: loading two backends at once would mix them.
const oneAtATime = Semaphore.makeUnsafe(1)

function loader(name: BackendName, options: BackendOptions): Promise<Loaded> {
  switch (name) {
    case "tensorflow":
      return loadNative(options.threads)
    case "webgpu":
      return loadWebgpu(options.allowSoftwareGpu ?? false)
    case "wasm":
      return loadWasm(options.threads)
    case "cpu":
      return loadCpu()
  }
}

/**
 * Loads a backend and makes it the one of the process.
 *
 * Fails with a `BackendError` that names every backend tried and why it did not load. Prints nothing. A load that has
 * begun is finished before an interruption takes effect.
 */
export const loadBackend = Effect.fn("loadBackend")(function* (options: BackendOptions = {}) {
  const prefer = options.prefer ?? "wasm"
  const why: Rejection[] = []
  for (const name of prefer === "auto" ? backendNames : [prefer]) {
    const loaded = yield* Effect.tryPromise({
      try: () => quietly(() => loader(name, options)),
      catch: (cause) => ({ name, reason: reasonOf(cause) })
    }).pipe(Effect.result, Effect.uninterruptible, oneAtATime.withPermits(1))
    if (loaded._tag === "Success") {
      const { detail, largestTensorBytes = Number.POSITIVE_INFINITY } = loaded.success
      const backend: Backend = { name, tf, detail, largestTensorBytes, why }
      return backend
    }
    why.push(loaded.failure)
  }
  return yield* new BackendError({
    message: `No TensorFlow.js backend loaded: ${why.map(({ name, reason }) => `${name} (${reason})`).join("; ")}`,
    hint: prefer === "auto" ? hints.wasm : hints[prefer],
    why
  })
})
