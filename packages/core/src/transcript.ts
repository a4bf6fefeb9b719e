import type { Answer, Verdict } from "./answer/index.ts"
import type { Task } from "./task.ts"

/** What a role understood of an utterance. */
export type Reading =
  | { readonly kind: "proposal"; readonly answer: Answer }
  | { readonly kind: "verdict"; readonly verdict: Verdict }
  | { readonly kind: "comment" }
  | {
      readonly kind: "unreadable"
      /** What the role was meant to say: an unreadable proposal is wrong, an unreadable verdict is worth nothing. */
      readonly expected: "proposal" | "verdict" | "comment"
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
}

/** The answer on the table; `answer` is absent where the proposer's text could not be read. */
export interface PendingAnswer {
  readonly text: string
  readonly answer?: Answer
}

/** What a role sees of a dialogue, the same for every protocol. */
export interface View {
  readonly task: Task
  readonly transcript: ReadonlyArray<TranscriptEntry>
  readonly pending?: PendingAnswer
}
