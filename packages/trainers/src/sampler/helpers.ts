/// <reference path="./webassembly.d.ts" />
import { availableParallelism } from "node:os"
import { Worker } from "node:worker_threads"
import { Effect } from "effect"
import type { DecoderConfig } from "../decoder/types.ts"
import type { Heap } from "./heap.ts"
import type { Kernels } from "./kernels.ts"

/** Threads at work in one memory. */
export interface Helpers {
  /** Where they are handed products; undefined once they are dismissed. */
  mailbox(): number | undefined
  /** Sends them home; whoever asks then works alone. */
  dismiss(): void
}

/** Threads that are waiting for a memory to work in. */
export interface HelperThreads {
  /** Has them help in this memory, and in no other from then on. */
  join(kernels: Kernels, heap: Heap): Helpers
}

/** As in `kernels/decode.as`: six words on cache lines of their own, then the product. */
const mailboxBytes = 448

/** Looks for the next product before going to sleep, some tens of microseconds: about as long as what lies between two products. */
const spins = 20_000

// A thread's whole program, as text, for sources and the built package have other names for a file of its own.
const program = `
const { parentPort } = require("node:worker_threads")
parentPort.once("message", ({ module, memory, mailbox, spins }) => {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } })
  try {
    exports.serve(mailbox, spins)
  } catch {
    exports.fail(mailbox)
  }
})`

/** A layer has to have so many weights side by side for its products to be worth sharing. */
const sharedWeights = 2 ** 18

/**
 * Threads beside this one that help to draw from such a decoder: one for each other processor that this process may use, at most 7, and
 * none for a small one.
 */
export const helperCount = ({ hiddenSize, intermediateSize }: DecoderConfig): number =>
  2 * hiddenSize * intermediateSize < sharedWeights ? 0 : Math.min(8, availableParallelism()) - 1

/** Starts threads for a sampler; they end with the scope. */
export const helperThreads = (count: number) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const workers = Array.from({ length: count }, () => new Worker(program, { eval: true }))
      let joined: { readonly kernels: Kernels; readonly mailbox: number } | undefined
      let dismissed = count === 0
      const dismiss = (): void => {
        dismissed = true
        joined?.kernels.dismiss(joined.mailbox)
      }
      for (const worker of workers) {
        worker.unref()
        // Where one does not start, or ends, none helps from then on; that is no reason to fail.
        worker.on("error", dismiss)
      }
      const threads: HelperThreads = {
        join: (kernels, heap) => {
          if (joined !== undefined) throw new Error("These threads serve another sampler.")
          const mailbox = heap.allocate(mailboxBytes)
          heap.words().fill(0, mailbox / 4, (mailbox + mailboxBytes) / 4)
          joined = { kernels, mailbox }
          const { module, memory } = kernels
          for (const worker of workers) worker.postMessage({ module, memory, mailbox, spins })
          return { mailbox: () => (dismissed ? undefined : mailbox), dismiss }
        }
      }
      const release = Effect.promise(async () => {
        dismiss()
        await Promise.all(workers.map((worker) => worker.terminate()))
      })
      return { threads, release }
    }),
    ({ release }) => release
  ).pipe(Effect.map(({ threads }) => threads))
