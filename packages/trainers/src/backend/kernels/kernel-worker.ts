/// <reference path="../../sampler/webassembly.d.ts" />
/** A thread of the kernel pool: does parts of whatever work is published in the shared memory. It imports nothing of ours. */
import { workerData } from "node:worker_threads"

/** What a thread is started with. */
export interface KernelWorkerData {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  /** Address of the control block: see `kernel-pool.ts`. */
  readonly control: number
  readonly parametersOffset: number
  readonly names: ReadonlyArray<string>
  readonly thread: number
}

const { module, memory, control, parametersOffset, names, thread }: KernelWorkerData = workerData
const { exports } = new WebAssembly.Instance(module, { env: { memory } })
const kernels = names.map((name) => exports[name])
const words = new Int32Array(memory.buffer, control, 5)
/** Looks for this many rounds before it sleeps: kernels of a training step follow one another closely. */
const patience = 5_000

let idle = 0
for (;;) {
  const ticket = Atomics.load(words, 0)
  const left = ticket & 0xffff
  if (left === 0) {
    if (++idle > patience) {
      idle = 0
      Atomics.wait(words, 0, ticket)
    }
    continue
  }
  // Whoever lowers the count owns the part; until that part is reported done, the work stays as it is.
  if (Atomics.compareExchange(words, 0, ticket, ticket - 1) !== ticket) continue
  idle = 0
  try {
    kernels[Atomics.load(words, 2)]?.(control + parametersOffset, left - 1, thread)
  } catch {
    // The caller throws; a part that nobody reports would keep it waiting.
    Atomics.store(words, 4, 1)
  }
  // The caller may be asleep by now, waiting for the last part.
  if (Atomics.add(words, 1, 1) + 1 === Atomics.load(words, 3)) Atomics.notify(words, 1)
}
