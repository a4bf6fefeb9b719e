import { Schema } from "effect"
import { Interval } from "../evaluation/interval.ts"

/** What one speaker's turns did to the dialogues that it sat in: which really cooperate, and which only appear to. */
export const SpeakerAudit = Schema.Struct({
  agent: Schema.String,
  seat: Schema.String,
  role: Schema.String,
  dialogues: Schema.Int,
  /** Turns that it spoke in, and turns that it could have spoken in but did not. */
  spoke: Schema.Int,
  silent: Schema.Int,
  tokens: Schema.Int,
  /** Mean over the dialogues of P(right) with the speaker less P(right) without. */
  contribution: Interval,
  /** Share of its utterances without which the outcome is the same; 0 to 1, 0 where it never spoke. */
  freeRiding: Schema.Number,
  /** Utterances without which a wrong dialogue would have been right, and the other way round. */
  harmful: Schema.Int,
  helpful: Schema.Int,
  /** Verdicts whose own reasons say the opposite. */
  contradictions: Schema.Int,
  /** Agreement (a verdict of RIGHT, a proposal of the pending answer) without which nothing changes. */
  emptyAgreement: Schema.Int
})
export type SpeakerAudit = typeof SpeakerAudit.Type
