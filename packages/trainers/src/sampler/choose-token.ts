import type { Sampling } from "@tracer-sdk/core"
import { nucleus } from "./distribution.ts"
import type { Heap } from "./heap.ts"
import type { Kernels } from "./kernels.ts"

/** A token with the natural logarithm of its probability under the distribution that it was drawn from; NaN where the logits are. */
export interface ChosenToken {
  readonly token: number
  readonly logProbability: number
}

/** The most likely token of a row of logits; the first of equals. Its log-probability is 0: nothing else could be drawn. */
const mostLikely = (logits: Float32Array): ChosenToken => {
  let token = 0
  let largest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < logits.length; i++) {
    const logit = logits[i] ?? 0
    if (logit > largest) {
      largest = logit
      token = i
    }
  }
  return { token, logProbability: largest === Number.NEGATIVE_INFINITY ? Number.NaN : 0 }
}

/** The token that uniform draw `u` selects from `weights`, in the order of `tokens`, or of all where those are undefined. */
const select = (weights: Float32Array, tokens: ReadonlyArray<number> | undefined, u: number): ChosenToken => {
  const count = tokens?.length ?? weights.length
  let total = 0
  for (let i = 0; i < count; i++) total += weights[tokens === undefined ? i : (tokens[i] ?? 0)] ?? 0
  const target = u * total
  let cumulative = 0
  let last = 0
  for (let i = 0; i < count; i++) {
    const token = tokens === undefined ? i : (tokens[i] ?? 0)
    const weight = weights[token] ?? 0
    if (weight <= 0) continue
    cumulative += weight
    last = token
    if (target < cumulative) break
  }
  return { token: last, logProbability: Math.fround(Math.log((weights[last] ?? 0) / total)) }
}

/** A factor beyond 32-bit floats would be infinite, and the likeliest token's score, 0 times that, not a number. */
const largestFactor = 1e30

/**
 * Draws from the softmax of `vocabularySize` logits at block `from` divided by `temperature`, with uniform draw `u`; 0 is greedy. The
 * logits stay as they are; `work` is a block of as many numbers, rounded up to 4.
 */
export const chooseToken = (
  kernels: Kernels,
  heap: Heap,
  from: number,
  work: number,
  vocabularySize: number,
  { temperature, ...truncation }: Pick<Sampling, "temperature" | "topK" | "topP">,
  u: number
): ChosenToken => {
  const memory = heap.floats()
  const logits = memory.subarray(from / 4, from / 4 + vocabularySize)
  if (temperature === 0) return mostLikely(logits)
  memory.copyWithin(work / 4, from / 4, from / 4 + vocabularySize)
  kernels.exponentiate(work, vocabularySize, Math.min(1 / temperature, largestFactor))
  const weights = memory.subarray(work / 4, work / 4 + vocabularySize)
  return select(weights, nucleus(weights, truncation), u)
}
