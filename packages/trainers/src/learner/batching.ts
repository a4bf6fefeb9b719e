import { packSequences, type TokenBatch } from "../decoder/index.ts"
import type { LossBatch } from "../gspo/index.ts"
import type { TrainingSequence } from "./rollout.ts"

/** Lengths are rounded up to a multiple of this, so that few shapes occur. */
const lengthBucket = 16

const paddedLength = ({ prompt, completion }: TrainingSequence): number =>
  Math.ceil((prompt.length + completion.length - 1) / lengthBucket) * lengthBucket

/** Splits items into at most `parts` runs of sizes that differ by at most one, none empty. */
export const partition = <A>(items: ReadonlyArray<A>, parts: number): ReadonlyArray<ReadonlyArray<A>> => {
  const count = Math.min(parts, items.length)
  return Array.from({ length: count }, (_, part) =>
    items.slice(Math.floor((part * items.length) / count), Math.floor(((part + 1) * items.length) / count))
  )
}

/**
 * Splits sequences into batches of one temperature and of similar lengths, each of at most `maxTokens` tokens with its padding;
 * a sequence that is longer by itself is a batch of its own.
 */
export const tokenBatches = (
  sequences: ReadonlyArray<TrainingSequence>,
  maxTokens: number
): ReadonlyArray<ReadonlyArray<TrainingSequence>> => {
  const sorted = sequences.toSorted(
    (a, b) => a.temperature - b.temperature || paddedLength(b) - paddedLength(a)
  )
  const batches: Array<Array<TrainingSequence>> = []
  for (const sequence of sorted) {
    const current = batches.at(-1)
    const longest = current?.[0]
    const fits =
      current !== undefined &&
      longest?.temperature === sequence.temperature &&
      (current.length + 1) * paddedLength(longest) <= maxTokens
    if (fits) current.push(sequence)
    else batches.push([sequence])
  }
  return batches
}

/** A batch for the decoder, and the same for the loss. */
export interface ScoredBatch {
  readonly tokens: TokenBatch
  readonly loss: LossBatch
  readonly temperature: number
}

/** Lays sequences of one temperature side by side; `sequences` is the number that the loss is a mean over. */
export const packBatch = (batch: ReadonlyArray<TrainingSequence>, sequences: number): ScoredBatch => {
  const tokens = packSequences(batch, lengthBucket)
  const old = new Float32Array(tokens.mask.length)
  batch.forEach((sequence, row) => {
    old.set(sequence.old, row * tokens.time + sequence.prompt.length - 1)
  })
  return {
    tokens,
    loss: {
      batch: tokens.batch,
      time: tokens.time,
      mask: tokens.mask,
      old,
      advantages: Float32Array.from(batch, ({ advantage }) => advantage),
      weights: Float32Array.from(batch, ({ weight }) => weight),
      sequences
    },
    temperature: batch[0]?.temperature ?? 1
  }
}
