import { seedKey, split, uniform } from "@tracer-sdk/core"
import type { DecoderConfig } from "../decoder/types.ts"
import { chooseToken } from "./choose-token.ts"
import {
  copyPositions,
  type DecodeContext,
  type DecodeRow,
  decodeRows,
  maximumRows,
  type Stretch,
  stretchBytes
} from "./decode-rows.ts"
import type { Job, Lane, Running } from "./lane.ts"
import { rowSizes } from "./packed-decoder.ts"
import type { ReadPrompt } from "./prompt-cache.ts"

/** Starts continuations and draws their tokens; owns the memory of their keys and values. */
export interface Continuations {
  /** Reads prompts, each once for all its samples and from where it parts from one read before, and draws the first tokens. */
  start(lane: Lane, jobs: ReadonlyArray<Job>): void
  /** Draws one more token for every running continuation of a lane. */
  step(lane: Lane): void
  /** Ends a continuation as it is. */
  leave(running: Running): void
  release(stretch: Stretch): void
  releaseAll(): void
}

/** Continuations of a decoder; `onOver` is told of each job whose last continuation has ended. */
export const makeContinuations = (
  config: DecoderConfig,
  context: DecodeContext,
  onOver: (job: Job) => void
): Continuations => {
  const { kernels, heap, scratch } = context
  const logitBytes = rowSizes(config).logits * 4
  const work = heap.allocate(logitBytes)
  const endTokens = new Set(config.endTokens)
  const claimed = new Set<Stretch>()

  const claim = (capacity: number): Stretch => {
    const stretch = { block: heap.allocate(stretchBytes(config, capacity)), capacity }
    claimed.add(stretch)
    return stretch
  }

  const release = (stretch: Stretch): void => {
    claimed.delete(stretch)
    heap.free(stretch.block)
  }

  const leave = ({ own, lane, read, job }: Running): void => {
    release(own)
    lane.prompts.leave(read)
    job.left -= 1
    if (job.left === 0) onOver(job)
  }

  /** Draws the next token of `running` from the `row`-th logits; true once the continuation is over. */
  const advance = (running: Running, row: number): boolean => {
    const { job, ids, logProbabilities, key, index } = running
    const u = uniform(key, ids.length)
    const from = scratch.logits + row * logitBytes
    const chosen = chooseToken(kernels, heap, from, work, config.vocabularySize, job.request.temperature, u)
    ids.push(chosen.token)
    logProbabilities.push(chosen.logProbability)
    const ended = endTokens.has(chosen.token)
    if (!ended && ids.length < job.limit) return false
    job.draws[index] = { ids, logProbabilities, finish: ended ? "stop" : "length" }
    leave(running)
    return true
  }

  /** The rows that read a job's prompt, and its continuations. */
  const prepare = (lane: Lane, job: Job) => {
    const { prompt, samples, seed } = job.request
    const stretch = claim(prompt.length)
    const { entry, length } = lane.prompts.longest(prompt)
    if (entry !== undefined) copyPositions(context, entry.stretch, stretch, length)
    const rows = prompt.slice(length).map((token, i): DecodeRow => {
      const position = length + i
      const wanted = position === prompt.length - 1
      return { token, position, stretch, index: position, shared: undefined, wanted }
    })
    const read: ReadPrompt = { prompt, stretch, users: samples }
    const group = Array.from(
      { length: samples },
      (_, index): Running => ({
        job,
        index,
        key: split(seedKey(seed), "sample", index),
        lane,
        read,
        own: claim(job.limit),
        ids: [],
        logProbabilities: []
      })
    )
    return { rows, group }
  }

  const start = (lane: Lane, jobs: ReadonlyArray<Job>): void => {
    const prepared = jobs.map((job) => prepare(lane, job))
    const rows = prepared.flatMap((each) => each.rows)
    let next = 0
    for (let from = 0; from < rows.length; from += maximumRows) {
      const chunk = rows.slice(from, from + maximumRows)
      decodeRows(context, lane.layers, chunk)
      const finished = chunk.filter(({ wanted }) => wanted).length
      for (let row = 0; row < finished; row++) {
        const group = prepared[next++]?.group ?? []
        const [first] = group
        if (first !== undefined) lane.prompts.add(first.read)
        lane.running.push(...group.filter((running) => !advance(running, row)))
      }
    }
  }

  const step = (lane: Lane): void => {
    const all = lane.running
    lane.running = []
    for (let from = 0; from < all.length; from += maximumRows) {
      const chunk = all.slice(from, from + maximumRows)
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

  return {
    start,
    step,
    leave,
    release,
    releaseAll: () => {
      for (const stretch of claimed) release(stretch)
    }
  }
}
