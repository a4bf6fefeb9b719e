import { stopIndex } from "@tracer-sdk/core"
import type { TextStream } from "../tokenizer/index.ts"

/** A continuation's text as it grows. */
export interface SpokenText {
  /** Takes the next token; true where it completes a stop string. */
  push(id: number): boolean
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" })

/**
 * How much of `text`, at most `limit`, is whole characters whatever follows. The last character never is: a combining mark or a
 * joiner may go on with it.
 */
const wholeCharacters = (text: string, limit: number): number => {
  let last = 0
  for (const { index } of graphemes.segment(text)) if (index <= limit) last = index
  return last
}

/** Where the longest ending of `text` starts that a stop string begins with; the text's length where none does. */
const undecidedFrom = (text: string, stop: ReadonlyArray<string>): number => {
  const longest = stop.reduce((most, { length }) => Math.max(most, length), 0)
  for (let from = Math.max(0, text.length - longest + 1); from < text.length; from++) {
    const ending = text.slice(from)
    if (stop.some((string) => string.startsWith(ending))) return from
  }
  return text.length
}

/**
 * Follows a continuation's tokens for stop strings, and tells `onText` what is certain of the text: neither half a character nor the
 * beginning of a stop string. What is still held back at the end is the caller's to say.
 */
export const makeSpokenText = (
  stream: TextStream,
  stop: ReadonlyArray<string>,
  onText: ((text: string) => void) | undefined
): SpokenText => {
  const reach = stop.reduce((most, { length }) => Math.max(most, length), 1) - 1
  /** What was told stays only as far back as a stop string can reach. */
  let text = ""
  let told = 0
  return {
    push: (id) => {
      const more = stream.push(id)
      if (more === "") return false
      text += more
      const at = stopIndex(text, stop)
      const decided = undecidedFrom(text, stop) - told
      const certain = at >= 0 ? at : told + wholeCharacters(text.slice(told), decided)
      if (onText !== undefined && certain > told) {
        onText(text.slice(told, certain))
        told = certain
      }
      if (at >= 0) return true
      const kept = Math.max(0, Math.min(onText === undefined ? text.length : told, text.length - reach))
      text = text.slice(kept)
      told -= Math.min(told, kept)
      return false
    }
  }
}
