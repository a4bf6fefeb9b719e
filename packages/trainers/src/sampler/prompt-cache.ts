import type { Stretch } from "./stretch.ts"

/** A prompt that was read, with its keys and values; kept while continuations use it, and after that while there is room. */
export interface ReadPrompt {
  readonly prompt: ReadonlyArray<number>
  readonly stretch: Stretch
  users: number
}

/** Prompts read under one set of weights; the oldest go first. */
export interface PromptCache {
  /** The prompt that shares the longest beginning with `prompt`, and the beginning's length: at most all but its last token. */
  longest(prompt: ReadonlyArray<number>): { readonly entry: ReadPrompt | undefined; readonly length: number }
  add(entry: ReadPrompt): void
  /** One continuation fewer uses `entry`. */
  leave(entry: ReadPrompt): void
  /** Tokens of the prompts that are not in use. */
  unused(): number
  /** Forgets every prompt that is not in use. */
  clear(): void
}

/** How many tokens two prompts have in common from their first. */
export const commonLength = (left: ReadonlyArray<number>, right: ReadonlyArray<number>): number => {
  const end = Math.min(left.length, right.length)
  let length = 0
  while (length < end && left[length] === right[length]) length++
  return length
}

/** A cache of at most `limit` tokens of prompts beyond those in use; `release` gives a stretch's memory back. */
export const makePromptCache = (limit: number, release: (stretch: Stretch) => void): PromptCache => {
  let entries: Array<ReadPrompt> = []

  const trim = (): void => {
    let tokens = 0
    const kept: Array<ReadPrompt> = []
    for (const entry of entries.toReversed()) {
      if (entry.users === 0) tokens += entry.prompt.length
      if (entry.users > 0 || tokens <= limit) kept.push(entry)
      else release(entry.stretch)
    }
    entries = kept.reverse()
  }

  return {
    longest: (prompt) => {
      let found: ReadPrompt | undefined
      let length = 0
      for (const entry of entries) {
        const common = Math.min(commonLength(entry.prompt, prompt), prompt.length - 1)
        if (common <= length) continue
        found = entry
        length = common
      }
      return { entry: found, length }
    },
    add: (entry) => {
      // Whatever begins like one that `entry` goes on from begins like `entry`.
      const covered = ({ prompt, users }: ReadPrompt) =>
        users === 0 && commonLength(prompt, entry.prompt) === prompt.length
      for (const old of entries) if (covered(old)) release(old.stretch)
      entries = [...entries.filter((old) => !covered(old)), entry]
    },
    leave: (entry) => {
      entry.users -= 1
      if (entry.users === 0) trim()
    },
    unused: () => entries.reduce((sum, { users, prompt }) => sum + (users > 0 ? 0 : prompt.length), 0),
    clear: () => {
      for (const entry of entries) if (entry.users === 0) release(entry.stretch)
      entries = entries.filter(({ users }) => users > 0)
    }
  }
}
