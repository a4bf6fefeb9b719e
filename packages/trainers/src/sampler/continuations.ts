import { seedKey, split, uniform } from "@tracer-sdk/core"
import type { TextStream } from "../tokenizer/index.ts"
import { refusal } from "./check-request.ts"
import { chooseToken } from "./choose-token.ts"
import { type DecodeContext, type DecodeRow, decodeRows } from "./decode-rows.ts"
import { HeapFull } from "./heap.ts"
import type { Job, Lane, Running } from "./lane.ts"
import type { PackedWeights } from "./packed-weights.ts"
import type { ReadPrompt } from "./prompt-cache.ts"
import { listenerFailureOf } from "./shortage.ts"
import { makeSpokenText } from "./spoken-text.ts"
import { copyPositions, type Stretch, stretchBytes } from "./stretch.ts"
import { maximumRows } from "./work-space.ts"

/** Starts continuations and draws their tokens; owns the memory of their keys and values. */
export interface Continuations {
  /**
   * Reads prompts, each once for all its samples and from where it parts from one read before, and draws the first tokens. What
   * there is no memory for is failed through `onFailed`.
   */
  start(lane: Lane, weights: PackedWeights, jobs: ReadonlyArray<Job>): void
  /** Draws one more token for every running continuation of these lanes. */
  step(lanes: ReadonlyArray<Lane>): void
  /** Ends a continuation as it is. */
  leave(running: Running): void
  release(stretch: Stretch): void
  /** Bytes of keys and values. */
  bytes(): number
}

/** What continuations tell of their jobs. */
export interface JobEvents {
  /** The last continuation has ended. */
  readonly onOver: (job: Job) => void
  readonly onFailed: (job: Job, cause: unknown) => void
  /** Memory is short: what is only kept in case it is needed again should go. */
  readonly onShortage: () => void
}

const notNumbers = refusal(
  "The model's scores for the next token are not numbers.",
  "Its weights are broken, or training has diverged: lower the learning rate, and go on from an earlier state."
)

/** Continuations of a decoder; `makeText` makes a stream of text for those that somebody listens to. */
export const makeContinuations = (
  context: DecodeContext,
  makeText: () => TextStream,
  { onOver, onFailed, onShortage }: JobEvents
): Continuations => {
  const { config, kernels, heap, space } = context
  const endTokens = new Set(config.endTokens)
  let bytes = 0

  const allocate = (size: number): number => {
    try {
      return heap.allocate(size)
    } catch (cause) {
      if (!(cause instanceof HeapFull)) throw cause
      onShortage()
      return heap.allocate(size)
    }
  }

  const claim = (capacity: number): Stretch => {
    const size = stretchBytes(config, capacity)
    const stretch = { block: allocate(size), capacity }
    bytes += size
    return stretch
  }

  const release = ({ block, capacity }: Stretch): void => {
    bytes -= stretchBytes(config, capacity)
    heap.free(block)
  }

  const leave = (running: Running): void => {
    const { own, lane, read, job } = running
    running.over = true
    release(own)
    lane.prompts.leave(read)
    job.left -= 1
    if (job.left === 0) onOver(job)
  }

  /** Draws the next token of `running` from its logits; ends the continuation where that was its last. */
  const advance = (running: Running, logits: number): void => {
    const { job, ids, logProbabilities, key, index, text } = running
    const u = uniform(key, ids.length)
    const chosen = chooseToken(kernels, heap, logits, space.chances, config.vocabularySize, job.request, u)
    if (Number.isNaN(chosen.logProbability)) throw notNumbers
    ids.push(chosen.token)
    logProbabilities.push(chosen.logProbability)
    const ended = endTokens.has(chosen.token) || text?.push(chosen.token) === true
    if (!ended && ids.length < job.limit) return
    job.draws[index] = { ids, logProbabilities, finish: ended ? "stop" : "length" }
    leave(running)
  }

  /** `advance`; where that fails, the job fails, and nothing else. */
  const tryToAdvance = (running: Running, logits: number): void => {
    try {
      advance(running, logits)
    } catch (cause) {
      onFailed(running.job, cause)
      leave(running)
    }
  }

  const textOf = (job: Job, sample: number) => {
    const { stop = [], onText } = job.request
    if (onText === undefined)
      return stop.length === 0 ? undefined : makeSpokenText(makeText(), stop, undefined)
    return makeSpokenText(makeText(), stop, (text) => {
      try {
        onText(sample, text)
      } catch (cause) {
        throw listenerFailureOf(cause)
      }
    })
  }

  /** The rows that read a job's prompt, and its continuations. Takes nothing where it fails. */
  const prepare = (lane: Lane, weights: PackedWeights, job: Job) => {
    const { prompt, samples, seed } = job.request
    const taken: Array<Stretch> = []
    const take = (capacity: number): Stretch => {
      const stretch = claim(capacity)
      taken.push(stretch)
      return stretch
    }
    try {
      const stretch = take(prompt.length)
      const { entry, length } = lane.prompts.longest(prompt)
      if (entry !== undefined) copyPositions(config, heap, entry.stretch, stretch, length)
      const rows = prompt.slice(length).map((token, i): DecodeRow => {
        const position = length + i
        const wanted = position === prompt.length - 1
        return { weights, token, position, stretch, index: position, shared: undefined, wanted }
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
          own: take(job.limit),
          text: textOf(job, index),
          ids: [],
          logProbabilities: [],
          over: false
        })
      )
      return [{ rows, group, job, stretch }]
    } catch (cause) {
      for (const stretch of taken) release(stretch)
      onFailed(job, cause)
      return []
    }
  }

  const start = (lane: Lane, weights: PackedWeights, jobs: ReadonlyArray<Job>): void => {
    const prepared = jobs.flatMap((job) => prepare(lane, weights, job))
    const rows = prepared.flatMap((each) => each.rows)
    let next = 0
    try {
      for (let from = 0; from < rows.length; from += maximumRows) {
        decodeRows(context, rows.slice(from, from + maximumRows), (_, logits) => {
          const group = prepared[next++]?.group ?? []
          const [first] = group
          if (first !== undefined) lane.prompts.add(first.read)
          for (const running of group) tryToAdvance(running, logits)
          lane.running.push(...group.filter(({ over }) => !over))
        })
      }
    } catch (cause) {
      for (const { job, group, stretch } of prepared.slice(next)) {
        for (const { own } of group) release(own)
        release(stretch)
        onFailed(job, cause)
      }
    }
  }

  const step = (lanes: ReadonlyArray<Lane>): void => {
    const all = lanes.flatMap(({ running, weights }) =>
      weights === undefined ? [] : running.map((one) => ({ one, weights: weights.packed }))
    )
    for (let from = 0; from < all.length; from += maximumRows) {
      const chunk = all.slice(from, from + maximumRows)
      const rows = chunk.map(({ one: { ids, read, own }, weights }): DecodeRow => {
        const index = ids.length - 1
        const { stretch: shared } = read
        return {
          ...{ weights, token: ids[index] ?? 0, position: shared.capacity + index },
          ...{ stretch: own, index, shared, wanted: true }
        }
      })
      decodeRows(context, rows, (row, logits) => {
        const running = chunk[row]?.one
        if (running !== undefined) tryToAdvance(running, logits)
      })
    }
    for (const lane of lanes) lane.running = lane.running.filter(({ over }) => !over)
  }

  return { start, step, leave, release, bytes: () => bytes }
}
