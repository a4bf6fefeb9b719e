import { type PolicyError, type RandomKey, seedKey, split, uniform } from "@tracer-sdk/core"
import { Effect } from "effect"
import type { Adapter, Decoder } from "../decoder/types.ts"
import { problemOf, refusal, type SampleRequest } from "./check-request.ts"
import { chooseToken } from "./choose-token.ts"
import {
  allocateScratch,
  copyPositions,
  type DecodeContext,
  type DecodeRow,
  decodeRows,
  maximumRows,
  type Stretch,
  stretchBytes
} from "./decode-rows.ts"
import { makeHeap } from "./heap.ts"
import { makeKernels } from "./kernels.ts"
import {
  allocateLayers,
  freeLayers,
  type PackedLayer,
  packBase,
  packLayers,
  rowSizes
} from "./packed-decoder.ts"
import { commonLength, makePromptCache, type PromptCache, type ReadPrompt } from "./prompt-cache.ts"

/** One continuation, its end token included. */
export interface DrawnTokens {
  readonly ids: ReadonlyArray<number>
  /** Nats, under the distribution drawn from; 0 where greedy. */
  readonly logProbabilities: ReadonlyArray<number>
  readonly finish: "stop" | "length"
}

/** Draws from a decoder; requests made at the same time share its batches. */
export interface Sampler {
  sample(request: SampleRequest): Effect.Effect<ReadonlyArray<DrawnTokens>, PolicyError>
}

/** Settings of a sampler. */
export interface SamplerOptions {
  /** Bytes that the keys and values of running sequences may take, beyond which requests wait; by default 512 MiB. */
  readonly maximumCacheBytes?: number
}

type Drawn = Effect.Effect<ReadonlyArray<DrawnTokens>, PolicyError>

/** A request that is waiting or under way. */
interface Job {
  readonly request: SampleRequest
  readonly limit: number
  readonly draws: Array<DrawnTokens>
  readonly resume: (result: Drawn) => void
  left: number
  cancelled: boolean
}

/** A continuation under way. */
interface Running {
  readonly job: Job
  readonly index: number
  readonly key: RandomKey
  readonly lane: Lane
  readonly read: ReadPrompt
  readonly own: Stretch
  readonly ids: Array<number>
  readonly logProbabilities: Array<number>
}

/** What draws from one set of weights. */
interface Lane {
  readonly adapter: Adapter | undefined
  readonly layers: ReadonlyArray<PackedLayer>
  readonly prompts: PromptCache
  /** The adapter's revision that `layers` hold; -1: none yet. */
  revision: number
  queue: Array<Job>
  running: Array<Running>
}

/** Bytes of read prompts that each adapter keeps, so that a prompt that begins alike is not read anew. */
const cachedPromptBytes = 64 * 2 ** 20

/** Tokens in common that make it worth reading one prompt after another. */
const worthWaitingFor = 8

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
  const context: DecodeContext = { kernels, heap, base, scratch: allocateScratch(config, heap) }
  const work = heap.allocate(rowSizes(config).logits * 4)
  const cacheLimit = heap.used() + (options.maximumCacheBytes ?? 512 * 2 ** 20)
  const endTokens = new Set(config.endTokens)
  const lanes = new Map<Adapter | undefined, Lane>()
  /** Requests without an answer, and the stretches that they hold: what a failure has to clear away. */
  const jobs = new Set<Job>()
  const claimed = new Set<Stretch>()
  let awake = false

  const laneOf = (adapter: Adapter | undefined): Lane => {
    const existing = lanes.get(adapter)
    if (existing !== undefined) return existing
    const layers = allocateLayers(config, heap)
    const prompts = makePromptCache(cachedPromptBytes / stretchBytes(config, 1), release)
    const lane: Lane = { adapter, layers, prompts, revision: -1, queue: [], running: [] }
    lanes.set(adapter, lane)
    return lane
  }

  const claim = (capacity: number): Stretch => {
    const stretch = { block: heap.allocate(stretchBytes(config, capacity)), capacity }
    claimed.add(stretch)
    return stretch
  }

  const release = (stretch: Stretch): void => {
    claimed.delete(stretch)
    heap.free(stretch.block)
  }

  const leave = (running: Running): void => {
    release(running.own)
    running.lane.prompts.leave(running.read)
    running.job.left -= 1
    if (running.job.left === 0) jobs.delete(running.job)
  }

  /** Draws the next token of `running` from the `row`-th logits; true once the continuation is over. */
  const advance = (running: Running, row: number): boolean => {
    const { job, ids, logProbabilities, key, index } = running
    const u = uniform(key, ids.length)
    const from = context.scratch.logits + row * rowSizes(config).logits * 4
    const chosen = chooseToken(kernels, heap, from, work, config.vocabularySize, job.request.temperature, u)
    ids.push(chosen.token)
    logProbabilities.push(chosen.logProbability)
    const ended = endTokens.has(chosen.token)
    if (!ended && ids.length < job.limit) return false
    job.draws[index] = { ids, logProbabilities, finish: ended ? "stop" : "length" }
    leave(running)
    if (job.left === 0) job.resume(Effect.succeed(job.draws))
    return true
  }

  const takeWaiting = (lane: Lane): ReadonlyArray<Job> => {
    const taken: Array<Job> = []
    let bytes = heap.used()
    let sequences = lane.running.length
    while (lane.queue.length > 0) {
      const [job] = lane.queue
      if (job === undefined) break
      const { prompt, samples } = job.request
      const needed = stretchBytes(config, prompt.length + samples * job.limit)
      const alone = taken.length === 0 && lane.running.length === 0
      const fits = bytes + needed <= cacheLimit && sequences + samples <= maximumRows
      if (!fits && !alone) break
      lane.queue.shift()
      taken.push(job)
      bytes += needed
      sequences += samples
    }
    return taken
  }

  /** Reads prompts, each once for all its samples and from where it parts from one read before, and draws the first tokens. */
  const read = (lane: Lane, batch: ReadonlyArray<Job>): void => {
    const rows: Array<DecodeRow> = []
    const started: Array<ReadonlyArray<Running>> = []
    for (const job of batch) {
      const { prompt, samples, seed } = job.request
      const stretch = claim(prompt.length)
      const { entry, length } = lane.prompts.longest(prompt)
      if (entry !== undefined) copyPositions(context, entry.stretch, stretch, length)
      for (let position = length; position < prompt.length; position++) {
        const wanted = position === prompt.length - 1
        const token = prompt[position] ?? 0
        rows.push({ token, position, stretch, index: position, shared: undefined, wanted })
      }
      const readPrompt: ReadPrompt = { prompt, stretch, users: samples }
      started.push(
        Array.from({ length: samples }, (_, index) => ({
          job,
          index,
          key: split(seedKey(seed), "sample", index),
          lane,
          read: readPrompt,
          own: claim(job.limit),
          ids: [],
          logProbabilities: []
        }))
      )
    }
    let next = 0
    for (let start = 0; start < rows.length; start += maximumRows) {
      const chunk = rows.slice(start, start + maximumRows)
      decodeRows(context, lane.layers, chunk)
      const finished = chunk.filter(({ wanted }) => wanted).length
      for (let row = 0; row < finished; row++) {
        const group = started[next++] ?? []
        const [first] = group
        if (first !== undefined) lane.prompts.add(first.read)
        lane.running.push(...group.filter((running) => !advance(running, row)))
      }
    }
  }

  /** Starts waiting requests; one whose prompt begins like another's in the same batch is read after it. */
  const admit = (lane: Lane): void => {
    let waiting = takeWaiting(lane)
    while (waiting.length > 0) {
      const now: Array<Job> = []
      const later: Array<Job> = []
      for (const job of waiting) {
        const { prompt } = job.request
        const known = lane.prompts.longest(prompt).length
        const beside = Math.max(0, ...now.map((other) => commonLength(other.request.prompt, prompt)))
        if (beside >= known + worthWaitingFor) later.push(job)
        else now.push(job)
      }
      read(lane, now)
      waiting = later
    }
  }

  /** One more token for every running continuation. */
  const step = (lane: Lane): void => {
    const all = lane.running
    lane.running = []
    for (let start = 0; start < all.length; start += maximumRows) {
      const chunk = all.slice(start, start + maximumRows)
      const rows = chunk.map(({ ids, read: { stretch: shared }, own }): DecodeRow => {
        const index = ids.length - 1
        return {
          token: ids[index] ?? 0,
          position: shared.capacity + index,
          stretch: own,
          index,
          shared,
          wanted: true
        }
      })
      decodeRows(context, lane.layers, rows)
      lane.running.push(...chunk.filter((running, row) => !advance(running, row)))
    }
  }

  const dropCancelled = (lane: Lane): void => {
    for (const job of lane.queue) if (job.cancelled) jobs.delete(job)
    lane.queue = lane.queue.filter(({ cancelled }) => !cancelled)
    for (const running of lane.running) if (running.job.cancelled) leave(running)
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
    if (lane.running.length > 0) step(lane)
  }

  const failAll = (cause: unknown): void => {
    const error = refusal(
      `The sampler failed: ${cause instanceof Error ? cause.message : String(cause)}`,
      "Ask for fewer samples or fewer tokens at once; if memory is not the reason, please report this.",
      cause
    )
    for (const stretch of claimed) release(stretch)
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
