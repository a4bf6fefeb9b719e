/** What was read: the words it came from and a canonical form; two answers with the same `canonical` are certainly equal. */
export interface Answer {
  readonly text: string
  readonly canonical: string
}

/** An answer, or the reason why none could be read. */
export type ReadAnswer =
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "unreadable"; readonly reason: string }

/** Reads and compares answers of one kind; pure, total, never throws, in time that grows about linearly with the text. */
export interface Grader {
  readonly name: string
  /** Reads a model's utterance. */
  read(text: string): ReadAnswer
  /** Reads a data set's gold field: the bare gold, or a rationale that ends in `#### gold`. */
  gold(text: string): ReadAnswer
  equal(answer: Answer, gold: Answer): boolean
}

/** Wraps what was read. */
export const answered = (text: string, canonical: string): ReadAnswer => ({
  kind: "answer",
  answer: { text, canonical }
})

/** Says why nothing was read. */
export const unreadable = (reason: string): ReadAnswer => ({ kind: "unreadable", reason })

/** Equality of graders whose canonical form decides. */
export const sameCanonical = (answer: Answer, gold: Answer): boolean => answer.canonical === gold.canonical
