/// <reference path="../../sampler/webassembly.d.ts" />
import { Worker } from "node:worker_threads"
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm"
import { kernelCode } from "./kernel-code.ts"
import type { KernelWorkerData } from "./kernel-worker.ts"
import { tensorMemory } from "./wasm-module.ts"

/** The kernels of `kernels/train.as`, in any order. */
const kernelNames = [
  "pack",
  "multiply",
  "normalize",
  "normalizeGradient",
  "gated",
  "gatedGradient",
  "scoreLogits",
  "attend",
  "attendGradient",
  "copy",
  "gatherRows"
] as const
export type KernelName = (typeof kernelNames)[number]

/** A piece of work: `parts` calls of a kernel, whole numbers and floats as it wants them. */
export interface KernelCall {
  readonly kernel: KernelName
  readonly parts: number
  readonly integers: ReadonlyArray<number>
  readonly floats?: ReadonlyArray<number>
}

/** Runs kernels on the backend's memory. */
export interface KernelPool {
  /** Threads, the calling one included. */
  readonly threads: number
  run(call: KernelCall): void
}

// The control block: ticket, parts done, kernel, parts, whether one failed; then the parameters, 32 integers and 32 floats.
// The ticket holds the number of the call in its upper and the parts that nobody has begun in its lower half.
const [ticket, done, kernelIndex, partCount, failed] = [0, 1, 2, 3, 4]
const parametersOffset = 64
const controlBytes = parametersOffset + 256
const mostParts = 0xffff

/** Looks for this many rounds whether the last parts are done before it sleeps: they take well under a millisecond. */
const patience = 5_000

/** A thread that takes longer than this for a part, in milliseconds, is given up. */
const longestPart = 60_000

/** The file that a thread runs, beside this one: TypeScript in the sources, JavaScript in the package. */
const workerFile = new URL(
  import.meta.url.endsWith(".ts") ? "./kernel-worker.ts" : "./kernel-worker.js",
  import.meta.url
)

/**
 * A pool of `threads` threads over the backend's memory, which has to be a shared one.
 *
 * The calling thread works too and waits only for parts that another has begun, so that a thread that sleeps holds nobody up.
 */
export function makeKernelPool(backend: BackendWasm, threads: number): KernelPool {
  const memory = tensorMemory(backend)
  const module = new WebAssembly.Module(Buffer.from(kernelCode, "base64"))
  const { exports } = new WebAssembly.Instance(module, { env: { memory } })
  const kernels = kernelNames.map((name) => {
    const kernel = exports[name]
    if (kernel === undefined) throw new Error(`The kernels lack ${name}: run tools/kernels/build.ts.`)
    return kernel
  })
  // The block lives as long as the process, like the threads.
  const control = backend.getMemoryOffset(backend.makeOutput([controlBytes / 4], "float32").dataId)
  const words = new Int32Array(memory.buffer, control, 5).fill(0)
  const integers = new Int32Array(memory.buffer, control + parametersOffset, 32)
  const floats = new Float32Array(memory.buffer, control + parametersOffset + 128, 32)
  for (let thread = 1; thread < threads; thread++) {
    const workerData: KernelWorkerData = {
      module,
      memory,
      control,
      parametersOffset,
      names: kernelNames,
      thread
    }
    new Worker(workerFile, { workerData, execArgv: [] }).unref()
  }
  let calls = 0
  let alone = threads === 1

  /** Returns once every part is done. */
  const finish = ({ kernel, parts }: KernelCall): void => {
    for (let round = 0; ; round++) {
      const finished = Atomics.load(words, done)
      if (finished === parts) return
      if (round > patience && Atomics.wait(words, done, finished, longestPart) === "timed-out") {
        alone = true
        throw new Error(
          `A thread of the wasm backend did not finish its part of ${kernel}; load it with threads: 1.`
        )
      }
    }
  }

  return {
    threads,
    run(call) {
      const index = kernelNames.indexOf(call.kernel)
      const kernel = kernels[index]
      if (kernel === undefined || !(call.parts >= 0 && call.parts <= mostParts)) {
        throw new Error(`The kernel ${call.kernel} cannot run in ${call.parts} parts.`)
      }
      integers.set(call.integers)
      if (call.floats !== undefined) floats.set(call.floats)
      const parameters = control + parametersOffset
      if (alone || call.parts <= 1) {
        for (let part = 0; part < call.parts; part++) kernel(parameters, part, 0)
        return
      }
      calls = (calls + 1) & 0x7fff
      words[kernelIndex] = index
      words[partCount] = call.parts
      words[failed] = 0
      Atomics.store(words, done, 0)
      Atomics.store(words, ticket, (calls << 16) | call.parts)
      Atomics.notify(words, ticket)
      for (;;) {
        const current = Atomics.load(words, ticket)
        const left = current & mostParts
        if (left === 0) break
        if (Atomics.compareExchange(words, ticket, current, current - 1) !== current) continue
        try {
          kernel(parameters, left - 1, 0)
        } catch {
          Atomics.store(words, failed, 1)
        }
        Atomics.add(words, done, 1)
      }
      finish(call)
      if (Atomics.load(words, failed) === 1)
        throw new Error(`The kernel ${call.kernel} failed on the wasm backend.`)
    }
  }
}
