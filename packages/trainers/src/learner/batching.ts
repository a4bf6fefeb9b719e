import { type BranchedSequences, branchedLength, packBranches, type TokenBatch } from "../decoder/index.ts"
import type { LossBatch } from "../gspo/index.ts"
import type { TrainingSequence } from "./rollout.ts"

/** Lengths are rounded up to a multiple of this, so that few shapes occur. */
const lengthBucket = 16

/** Sequences that lie in one row of a batch: completions of the same prompt, at the same temperature. */
export type SharedRow = ReadonlyArray<TrainingSequence>

const branchesOf = (row: SharedRow): BranchedSequences => ({
  prompt: row[0]?.prompt ?? [],
  completions: row.map(({ completion }) => completion)
})

const paddedLength = (row: SharedRow): number =>
  Math.ceil(branchedLength(branchesOf(row)) / lengthBucket) * lengthBucket

/** Splits items into at most `parts` runs of sizes that differ by at most one, none empty. */
export const partition = <A>(items: ReadonlyArray<A>, parts: number): ReadonlyArray<ReadonlyArray<A>> => {
  const count = Math.min(parts, items.length)
  return Array.from({ length: count }, (_, part) =>
    items.slice(Math.floor((part * items.length) / count), Math.floor(((part + 1) * items.length) / count))
  )
}

/**
 * Lays the sequences of a group in one row where that is less work than a row for each: the prompt is then read once, but
 * attention spans all of the completions. Never where the one row would be longer than `maxTokens`. `hiddenSize` is the decoder's.
 */
export const sharedRows = (
  group: ReadonlyArray<TrainingSequence>,
  hiddenSize: number,
  maxTokens: number
): ReadonlyArray<SharedRow> => {
  // Multiply-adds of a row in a layer, over 4 * hiddenSize: 6 * hiddenSize by token in linear maps, and one by pair in attention.
  const work = (row: SharedRow) => paddedLength(row) * (6 * hiddenSize + paddedLength(row))
  const apart = group.map((sequence) => [sequence])
  const [first] = group
  const alike = group.every(
    ({ prompt, temperature }) =>
      temperature === first?.temperature &&
      prompt.length === first.prompt.length &&
      prompt.every((token, i) => token === first.prompt[i])
  )
  const workApart = apart.reduce((sum, row) => sum + work(row), 0)
  const fits = group.length > 1 && paddedLength(group) <= maxTokens
  return alike && fits && work(group) <= workApart ? [group] : apart
}

/**
 * Splits rows into batches of one temperature and of similar lengths, each of at most `maxTokens` tokens with its padding; a row
 * that is longer by itself is a batch of its own.
 */
export const tokenBatches = (
  rows: ReadonlyArray<SharedRow>,
  maxTokens: number
): ReadonlyArray<ReadonlyArray<SharedRow>> => {
  const temperatureOf = (row: SharedRow) => row[0]?.temperature ?? 1
  const sorted = rows.toSorted(
    (a, b) => temperatureOf(a) - temperatureOf(b) || paddedLength(b) - paddedLength(a)
  )
  const batches: Array<Array<SharedRow>> = []
  for (const row of sorted) {
    const current = batches.at(-1)
    const longest = current?.[0]
    const fits =
      current !== undefined &&
      longest !== undefined &&
      temperatureOf(longest) === temperatureOf(row) &&
      (current.length + 1) * paddedLength(longest) <= maxTokens
    if (fits) current.push(row)
    else batches.push([row])
  }
  return batches
}

/** A batch for the decoder, and its sequences for the loss. */
export interface ScoredBatch {
  readonly tokens: TokenBatch
  /** For each place of the loss's `[sequence, token]` the index of its score in the decoder's `[batch * time]`; anything where masked. */
  readonly places: Int32Array
  readonly loss: LossBatch
  readonly temperature: number
}

/** Lays rows of one temperature below one another; `sequences` is the number that the loss is a mean over. */
export const packBatch = (rows: ReadonlyArray<SharedRow>, sequences: number): ScoredBatch => {
  const { tokens, starts } = packBranches(rows.map(branchesOf), lengthBucket)
  const all = rows.flat()
  const first = starts.flat()
  const time = all.reduce((longest, { completion }) => Math.max(longest, completion.length), 1)
  const places = new Int32Array(all.length * time)
  const mask = new Float32Array(all.length * time)
  all.forEach(({ completion }, row) => {
    for (let i = 0; i < completion.length; i++) {
      places[row * time + i] = (first[row] ?? 0) + i
      mask[row * time + i] = 1
    }
  })
  /** Values by token at the places of the loss, 0 where masked. */
  const laidOut = (of: (sequence: TrainingSequence) => ReadonlyArray<number>): Float32Array => {
    const values = new Float32Array(all.length * time)
    all.forEach((sequence, row) => {
      values.set(of(sequence), row * time)
    })
    return values
  }
  const alike = ({ completion }: TrainingSequence, value: number) => completion.map(() => value)
  const byToken = all.some(({ tokenAdvantages }) => tokenAdvantages !== undefined)
  const weighed = all.some(({ importance }) => importance !== undefined)
  return {
    tokens,
    places,
    loss: {
      batch: all.length,
      time,
      mask,
      old: laidOut(({ old }) => old),
      advantages: Float32Array.from(all, ({ advantage }) => advantage),
      ...(byToken
        ? { tokenAdvantages: laidOut((one) => one.tokenAdvantages ?? alike(one, one.advantage)) }
        : {}),
      ...(weighed ? { importance: laidOut((one) => one.importance ?? alike(one, 1)) } : {}),
      weights: Float32Array.from(all, ({ weight }) => weight),
      sequences
    },
    temperature: all[0]?.temperature ?? 1
  }
}
