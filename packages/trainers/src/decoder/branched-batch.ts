import type { TokenBatch } from "./types.ts"

/** Several completions of one prompt, as token ids; the prompt has at least one token, each completion too. */
export interface BranchedSequences {
  readonly prompt: ReadonlyArray<number>
  readonly completions: ReadonlyArray<ReadonlyArray<number>>
}

/** Rows of branched sequences, and where to find each completion's log-probabilities among the scores. */
export interface BranchedBatch {
  readonly tokens: TokenBatch
  /** For each row and completion the index, in `[batch * time]`, of its first token's score; the others follow it. */
  readonly starts: ReadonlyArray<ReadonlyArray<number>>
}

/** Tokens that a row of branched sequences takes: the prompt but for its last token once, and that token again for each branch. */
export const branchedLength = ({ prompt, completions }: BranchedSequences): number =>
  completions.reduce((sum, completion) => sum + completion.length, prompt.length - 1)

/**
 * Completions of shared prompts side by side, so that a prompt is read once for all of its completions; padded at the end to a
 * multiple of `multiple`. The scores are those of the sequences laid out one by one.
 */
export const packBranches = (rows: ReadonlyArray<BranchedSequences>, multiple = 1): BranchedBatch => {
  const time = Math.ceil(Math.max(1, ...rows.map(branchedLength)) / multiple) * multiple
  const size = rows.length * time
  const ids = new Int32Array(size)
  const targets = new Int32Array(size)
  const mask = new Float32Array(size)
  const positions = new Int32Array(size)
  const branch = new Int32Array(size)
  const starts = rows.map(({ prompt, completions }, row) => {
    const last = prompt.at(-1)
    if (last === undefined) throw new Error("A sequence to score has an empty prompt.")
    const trunk = prompt.length - 1
    let at = row * time
    for (let i = 0; i < trunk; i++, at++) {
      ids[at] = prompt[i] ?? 0
      positions[at] = i
    }
    const first = completions.map((completion, number) => {
      const start = at
      completion.forEach((target, i) => {
        ids[at] = i === 0 ? last : (completion[i - 1] ?? 0)
        targets[at] = target
        mask[at] = 1
        positions[at] = trunk + i
        branch[at] = number + 1
        at++
      })
      return start
    })
    // Padding is a branch of its own that nothing looks at.
    branch.fill(completions.length + 1, at, (row + 1) * time)
    return first
  })
  const plain = { batch: rows.length, time, ids, targets, mask }
  const single = rows.every(({ completions }) => completions.length <= 1)
  return { tokens: single ? plain : { ...plain, branches: { positions, branch } }, starts }
}
