import type { Job, Lane } from "./lane.ts"
import { commonLength, type PromptCache } from "./prompt-cache.ts"
import { maximumRows } from "./work-space.ts"

/** Tokens in common that make it worth reading one prompt after another. */
const worthWaitingFor = 8

/**
 * Takes from a lane's queue, in order, the requests that there is room for beside what is running; one that is too large for
 * any room is taken alone. `freeBytes` is what keys and values may still take, `bytesOf` what those of so many positions do.
 */
export const takeWaiting = (
  lane: Lane,
  freeBytes: number,
  bytesOf: (positions: number) => number
): ReadonlyArray<Job> => {
  const taken: Array<Job> = []
  let bytes = 0
  let sequences = lane.running.length
  while (lane.queue.length > 0) {
    const [job] = lane.queue
    if (job === undefined) break
    const { prompt, samples } = job.request
    const needed = bytesOf(prompt.length + samples * job.limit)
    const alone = taken.length === 0 && lane.running.length === 0
    const fits = bytes + needed <= freeBytes && sequences + samples <= maximumRows
    if (!fits && !alone) break
    lane.queue.shift()
    taken.push(job)
    bytes += needed
    sequences += samples
  }
  return taken
}

/** Which requests to read now, and which later, as their prompts begin like one of those: they then start where they part. */
export const inReadingOrder = (
  waiting: ReadonlyArray<Job>,
  prompts: PromptCache
): { readonly now: ReadonlyArray<Job>; readonly later: ReadonlyArray<Job> } => {
  const now: Array<Job> = []
  const later: Array<Job> = []
  for (const job of waiting) {
    const { prompt } = job.request
    const known = prompts.longest(prompt).length
    const beside = Math.max(0, ...now.map((other) => commonLength(other.request.prompt, prompt)))
    if (beside >= known + worthWaitingFor) later.push(job)
    else now.push(job)
  }
  return { now, later }
}
