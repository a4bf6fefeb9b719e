import type { DecodingStep } from "./token-decoding.ts"

/** Text out of tokens that come one at a time, at a cost that is the same for each. */
export interface TextStream {
  /** The text that is certain with this token: a character whose bytes are not all there yet waits for them. */
  push(id: number): string
  /** The text that was still waiting, now that no token follows. What was pushed and this, in order, are the ids' text. */
  end(): string
}

/** Where tokens come from: their text, undefined for what is left out of text (special tokens, ids without a token). */
export type TokenText = (id: number) => string | undefined

/** A stream of one text; `decoding` is used up by it. */
export const makeTextStream = (tokenText: TokenText, decoding: DecodingStep): TextStream => ({
  push: (id) => {
    const token = tokenText(id)
    return token === undefined ? "" : decoding.push(token).join("")
  },
  end: () => decoding.end().join("")
})
