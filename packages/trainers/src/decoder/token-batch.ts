import type { TokenBatch } from "./types.ts"

/** A prompt and what followed it, as token ids. */
export interface TokenSequence {
  readonly prompt: ReadonlyArray<number>
  readonly completion: ReadonlyArray<number>
}

/**
 * Sequences side by side, with the log-probabilities of their completions wanted; a prompt has at least one token. `time`
 * is the longest length (prompt + completion - 1), rounded up to a multiple of `multiple` to keep the number of shapes small.
 */
export const packSequences = (sequences: ReadonlyArray<TokenSequence>, multiple = 1): TokenBatch => {
  const lengths = sequences.map(({ prompt, completion }) => prompt.length + completion.length - 1)
  const time = Math.ceil(Math.max(1, ...lengths) / multiple) * multiple
  const size = sequences.length * time
  const ids = new Int32Array(size)
  const targets = new Int32Array(size)
  const mask = new Float32Array(size)
  sequences.forEach(({ prompt, completion }, row) => {
    if (prompt.length === 0) throw new Error("A sequence to score has an empty prompt.")
    const all = [...prompt, ...completion]
    for (let i = 0; i + 1 < all.length; i++) {
      const at = row * time + i
      ids[at] = all[i] ?? 0
      targets[at] = all[i + 1] ?? 0
      mask[at] = i + 1 >= prompt.length ? 1 : 0
    }
  })
  return { batch: sequences.length, time, ids, targets, mask }
}
