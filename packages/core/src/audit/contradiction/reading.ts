import type { Verdict } from "../../answer/index.ts"

/** What a verdict's own reasons say of the pending answer, against the verdict. */
export interface Contradiction {
  readonly says: Verdict
  /** What it is read from: words about the answer, another answer that is stated, or the last calculation. */
  readonly from: "statement" | "answer" | "calculation"
  /** The sentence that says so. */
  readonly quote: string
}

/** Compares a stated value with the pending answer; `undefined` where one of them cannot be read. */
export type Judge = (stated: string) => boolean | undefined

/**
 * What a sentence says of the pending answer: something clear; `unclear` where it speaks of the answer and what it says of it cannot be told;
 * `undefined` where it does not speak of it.
 */
export type SentenceReading = Omit<Contradiction, "quote"> | "unclear" | undefined
