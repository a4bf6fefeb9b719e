import type { PolicyError } from "@tracer-sdk/core"
import { Effect } from "effect"
import type { Adapter, Decoder } from "../decoder/types.ts"
import { inReadingOrder, takeWaiting } from "./admission.ts"
import { problemOf, refusal, type SampleRequest } from "./check-request.ts"
import { makeContinuations } from "./continuations.ts"
import { allocateScratch, stretchBytes } from "./decode-rows.ts"
import { makeHeap } from "./heap.ts"
import { makeKernels } from "./kernels.ts"
import type { Drawn, DrawnTokens, Job, Lane } from "./lane.ts"
import { allocateLayers, freeLayers, packBase, packLayers } from "./packed-decoder.ts"
import { makePromptCache } from "./prompt-cache.ts"

/** Draws from a decoder; requests made at the same time share its batches. */
export interface Sampler {
  sample(request: SampleRequest): Effect.Effect<ReadonlyArray<DrawnTokens>, PolicyError>
}

/** Settings of a sampler. */
export interface SamplerOptions {
  /** Bytes that the keys and values of running sequences may take, beyond which requests wait; by default 512 MiB. */
  readonly maximumCacheBytes?: number
}

/** Bytes of read prompts that each adapter keeps, so that a prompt that begins alike is not read anew. */
const cachedPromptBytes = 64 * 2 ** 20

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/**
 * A sampler over a decoder, with a copy of its weights of that moment; adapters are merged anew whenever their revision has changed.
 *
 * Decoding runs in its own WebAssembly kernels on the processor, whichever backend trains. Sequences are not padded to one another:
 * each joins and leaves the batch on its own, and nothing about a draw depends on what else is in the batch.
 */
export const makeSampler = Effect.fn("makeSampler")(function* (
  decoder: Decoder,
  options: SamplerOptions = {}
) {
  const { config } = decoder
  const kernels = makeKernels()
  const heap = makeHeap(kernels.memory)
  const base = yield* Effect.promise(() => packBase(decoder, heap))
  const lanes = new Map<Adapter | undefined, Lane>()
  /** Requests without an answer. */
  const jobs = new Set<Job>()
  const context = { kernels, heap, base, scratch: allocateScratch(config, heap) }
  const continuations = makeContinuations(config, context, (job) => {
    jobs.delete(job)
    if (!job.cancelled) job.resume(Effect.succeed(job.draws))
  })
  const cacheLimit = heap.used() + (options.maximumCacheBytes ?? 512 * 2 ** 20)
  let awake = false

  const laneOf = (adapter: Adapter | undefined): Lane => {
    const existing = lanes.get(adapter)
    if (existing !== undefined) return existing
    const layers = allocateLayers(config, heap)
    const prompts = makePromptCache(cachedPromptBytes / stretchBytes(config, 1), continuations.release)
    const lane: Lane = { adapter, layers, prompts, revision: -1, queue: [], running: [] }
    lanes.set(adapter, lane)
    return lane
  }

  /** Starts waiting requests; one whose prompt begins like another's in the same batch is read after it. */
  const admit = (lane: Lane): void => {
    const bytesOf = (positions: number) => stretchBytes(config, positions)
    let waiting = takeWaiting(lane, cacheLimit - heap.used(), bytesOf)
    while (waiting.length > 0) {
      const { now, later } = inReadingOrder(waiting, lane.prompts)
      continuations.start(lane, now)
      waiting = later
    }
  }

  const dropCancelled = (lane: Lane): void => {
    for (const job of lane.queue) if (job.cancelled) jobs.delete(job)
    lane.queue = lane.queue.filter(({ cancelled }) => !cancelled)
    for (const running of lane.running) if (running.job.cancelled) continuations.leave(running)
    lane.running = lane.running.filter(({ job }) => !job.cancelled)
  }

  const workOn = async (lane: Lane): Promise<void> => {
    dropCancelled(lane)
    if (lane.queue.length > 0) {
      const revision = lane.adapter?.revision ?? 0
      // A continuation is drawn from one set of weights to its end.
      if (revision !== lane.revision && lane.running.length === 0) {
        lane.prompts.clear()
        await packLayers(base, lane.adapter, lane.layers, heap)
        lane.revision = revision
      }
      if (revision === lane.revision) admit(lane)
    }
    if (lane.running.length > 0) continuations.step(lane)
  }

  const failAll = (cause: unknown): void => {
    const error = refusal(
      `The sampler failed: ${cause instanceof Error ? cause.message : String(cause)}`,
      "Ask for fewer samples or fewer tokens at once; if memory is not the reason, please report this.",
      cause
    )
    continuations.releaseAll()
    for (const { layers } of lanes.values()) freeLayers(layers, heap)
    lanes.clear()
    for (const job of jobs) job.resume(Effect.fail(error))
    jobs.clear()
  }

  const loop = async (): Promise<void> => {
    for (;;) {
      // Requests of the same turn of the event loop, and of fibers that a step's results have woken, join here.
      await nextTurn()
      const busy = [...lanes.values()].filter(({ queue, running }) => queue.length + running.length > 0)
      if (busy.length === 0) break
      for (const lane of busy) await workOn(lane)
    }
    awake = false
  }

  const wake = (): void => {
    if (awake) return
    awake = true
    loop().catch((cause: unknown) => {
      awake = false
      failAll(cause)
    })
  }

  const sample = (request: SampleRequest): Drawn => {
    const problem = problemOf(config, request)
    if (problem !== undefined) return Effect.fail(problem)
    return Effect.callback((resume) => {
      const job: Job = {
        request,
        limit: Math.min(request.maxTokens, config.maximumPositions - request.prompt.length),
        draws: [],
        resume,
        left: request.samples,
        cancelled: false
      }
      jobs.add(job)
      laneOf(request.adapter).queue.push(job)
      wake()
      return Effect.sync(() => {
        job.cancelled = true
      })
    })
  }

  const sampler: Sampler = { sample }
  return sampler
})
