import type { PolicyError } from "@tracer-sdk/core"
import { Effect } from "effect"
import type { Adapter, Decoder } from "../decoder/types.ts"
import type { ChatTokenizer } from "../tokenizer/index.ts"
import { inReadingOrder, takeWaiting } from "./admission.ts"
import { problemOf, refusal, type SampleRequest } from "./check-request.ts"
import { makeContinuations } from "./continuations.ts"
import { HeapFull } from "./heap.ts"
import type { HelperThreads } from "./helpers.ts"
import type { Drawn, DrawnTokens, Job, Lane } from "./lane.ts"
import { loadKernels } from "./load-kernels.ts"
import { packWeights } from "./pack-weights.ts"
import type { PackedWeights } from "./packed-weights.ts"
import { makePromptCache } from "./prompt-cache.ts"
import { failureOf, weightsFailureOf } from "./shortage.ts"
import { stretchBytes } from "./stretch.ts"

/** Draws from a decoder; requests made at the same time share its batches. */
export interface Sampler {
  sample(request: SampleRequest): Effect.Effect<ReadonlyArray<DrawnTokens>, PolicyError>
}

/** Settings of a sampler. */
export interface SamplerOptions {
  /** Makes text of tokens, for requests with stop strings or a listener. */
  readonly tokenizer?: Pick<ChatTokenizer, "stream">
  /** Bytes that the keys and values of running sequences may take, beyond which requests wait; by default 512 MiB. */
  readonly maximumCacheBytes?: number
  /** Threads that help with large products; they serve one sampler. Draws are the same with and without them. */
  readonly helpers?: HelperThreads
}

/** Bytes of read prompts that each adapter keeps, so that a prompt that begins alike is not read anew. */
const cachedPromptBytes = 64 * 2 ** 20

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/**
 * A sampler over a decoder, with a copy of its weights of that moment; adapters are read anew whenever their revision has changed.
 * Fails with `BackendError` where its kernels do not start or the weights do not fit its memory.
 *
 * Decoding runs in its own WebAssembly kernels on the processor, whichever backend trains. Sequences are not padded to one another:
 * each joins and leaves the batch on its own, and nothing about a draw depends on what else is in the batch. All adapters' sequences
 * go through the weights that they share together.
 */
export const makeSampler = Effect.fn("makeSampler")(function* (
  decoder: Decoder,
  options: SamplerOptions = {}
) {
  const { config } = decoder
  const { tokenizer, maximumCacheBytes = 512 * 2 ** 20 } = options
  const { base, context } = yield* loadKernels(decoder, options.helpers)
  const { heap } = context
  const lanes = new Map<Adapter | undefined, Lane>()
  /** Requests without an answer. */
  const jobs = new Set<Job>()
  let awake = false

  const fail = (job: Job, error: PolicyError): void => {
    if (job.cancelled) return
    job.cancelled = true
    jobs.delete(job)
    job.resume(Effect.fail(error))
  }
  const forgetPrompts = (): void => {
    for (const { prompts } of lanes.values()) prompts.clear()
  }
  const makeText = () => {
    if (tokenizer === undefined) {
      throw refusal(
        "This sampler was made without a tokenizer, so it cannot see stop strings or say text.",
        "Make it with makeSampler(decoder, { tokenizer })."
      )
    }
    return tokenizer.stream()
  }
  const continuations = makeContinuations(context, makeText, {
    onOver: (job) => {
      jobs.delete(job)
      if (!job.cancelled) job.resume(Effect.succeed(job.draws))
    },
    onFailed: (job, cause) => fail(job, failureOf(config, job.request, cause)),
    onShortage: () => forgetPrompts()
  })

  const laneOf = (adapter: Adapter | undefined): Lane => {
    const existing = lanes.get(adapter)
    if (existing !== undefined) return existing
    const prompts = makePromptCache(cachedPromptBytes / stretchBytes(config, 1), continuations.release)
    const lane: Lane = { adapter, prompts, weights: undefined, queue: [], running: [] }
    lanes.set(adapter, lane)
    return lane
  }

  const pack = async (adapter: Adapter | undefined): Promise<PackedWeights> => {
    if (adapter === undefined) return base
    try {
      return await packWeights(decoder, heap, adapter, base)
    } catch (cause) {
      if (!(cause instanceof HeapFull)) throw cause
      forgetPrompts()
      return await packWeights(decoder, heap, adapter, base)
    }
  }

  /** Brings a lane's weights up to date; a continuation is drawn from one set of weights to its end, so running ones end first. */
  const refresh = async (lane: Lane): Promise<void> => {
    const revision = lane.adapter?.revision ?? 0
    if (lane.weights?.revision === revision || lane.running.length > 0) return
    lane.prompts.clear()
    if (lane.weights !== undefined && lane.weights.packed !== base) {
      for (const block of lane.weights.packed.blocks) heap.free(block)
    }
    lane.weights = undefined
    try {
      lane.weights = { packed: await pack(lane.adapter), revision }
    } catch (cause) {
      for (const job of lane.queue) fail(job, weightsFailureOf(cause))
      lane.queue = []
    }
  }

  /** Starts waiting requests; one whose prompt begins like another's in the same batch is read after it. */
  const admit = (lane: Lane): void => {
    const { weights, adapter } = lane
    if (weights === undefined || weights.revision !== (adapter?.revision ?? 0)) return
    const bytesOf = (positions: number) => stretchBytes(config, positions)
    const kept = [...lanes.values()].reduce((tokens, { prompts }) => tokens + prompts.unused(), 0)
    const freeBytes = maximumCacheBytes - (continuations.bytes() - bytesOf(kept))
    let waiting = takeWaiting(lane, freeBytes, bytesOf)
    while (waiting.length > 0) {
      const { now, later } = inReadingOrder(waiting, lane.prompts)
      continuations.start(lane, weights.packed, now)
      waiting = later
    }
  }

  const dropCancelled = (lane: Lane): void => {
    for (const job of lane.queue) if (job.cancelled) jobs.delete(job)
    lane.queue = lane.queue.filter(({ cancelled }) => !cancelled)
    for (const running of lane.running) if (running.job.cancelled) continuations.leave(running)
    lane.running = lane.running.filter(({ job }) => !job.cancelled)
  }

  const loop = async (): Promise<void> => {
    for (;;) {
      // Requests of the same turn of the event loop, and of fibers that a step's results have woken, join here.
      await nextTurn()
      const busy = [...lanes.values()].filter(({ queue, running }) => queue.length + running.length > 0)
      if (busy.length === 0) break
      for (const lane of busy) {
        dropCancelled(lane)
        if (lane.queue.length > 0) {
          await refresh(lane)
          admit(lane)
        }
      }
      continuations.step(busy)
    }
    awake = false
  }

  const wake = (): void => {
    if (awake) return
    awake = true
    loop().catch((cause: unknown) => {
      awake = false
      // First of all, so that no job counts as done when its last continuation has left.
      for (const job of jobs) fail(job, failureOf(config, job.request, cause))
      for (const lane of lanes.values()) {
        lane.queue = []
        for (const running of lane.running) if (!running.over) continuations.leave(running)
        lane.running = []
      }
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
