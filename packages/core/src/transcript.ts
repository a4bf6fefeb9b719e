import type { Answer, Verdict } from "./answer/index.ts"
import type { Task } from "./task.ts"

/** What a role understood of an utterance. */
export type Reading =
  | { readonly kind: "proposal"; readonly answer: Answer }
  | { readonly kind: "verdict"; readonly verdict: Verdict }
  | { readonly kind: "comment" }
  /** One of the view's options, by its name, as in who is to speak next. */
  | { readonly kind: "choice"; readonly choice: string }
  /** A grade from 0 (certainly wrong) to 1 (certainly right). */
  | { readonly kind: "score"; readonly score: number }
  | {
      readonly kind: "unreadable"
      /** What the role was meant to say: an unreadable proposal is wrong, an unreadable verdict is worth nothing. */
      readonly expected: "proposal" | "verdict" | "comment" | "choice" | "score"
      readonly reason: string
    }

/** One taken turn of a dialogue; a silent one has no `role` and no `text`. */
export interface TranscriptEntry {
  readonly round: number
  readonly agent: string
  readonly seat: string
  readonly action: string
  readonly role?: string
  readonly text?: string
  readonly reading?: Reading
  /** The round of the proposal that it is about; without it, the last one before it. */
  readonly about?: number
}

/** The answer on the table; `answer` is absent where the proposer's text could not be read. */
export interface PendingAnswer {
  readonly text: string
  readonly answer?: Answer
  /** The round in which it was proposed: with it, reviews of the same words said at another turn are told apart. */
  readonly round?: number
}

/** What a role sees of a dialogue, the same for every protocol. */
export interface View {
  readonly task: Task
  readonly transcript: ReadonlyArray<TranscriptEntry>
  readonly pending?: PendingAnswer
  /** The reasoning so far, step by step, where a protocol builds an answer in steps. */
  readonly steps?: ReadonlyArray<string>
  /** What a role may choose among, by name. */
  readonly options?: ReadonlyArray<string>
}
