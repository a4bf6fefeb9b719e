import { Schema } from "effect"
import { SpeakerAudit } from "./speaker-audit.ts"

/** What one spoken turn did to its dialogue. */
export const TurnAudit = Schema.Struct({
  episode: Schema.Int,
  task: Schema.String,
  round: Schema.Int,
  agent: Schema.String,
  seat: Schema.String,
  role: Schema.String,
  text: Schema.String,
  /** As in `proposal 42` or `verdict wrong`. */
  reading: Schema.String,
  tokens: Schema.Int,
  /** Whether the dialogue ended right, and whether it would have without the turn. */
  correct: Schema.Boolean,
  correctWithout: Schema.Boolean,
  /** The dialogue's end (+1 right, -1 wrong) less its end without the turn: 2 saved it, -2 spoilt it, 0 changed nothing. */
  effect: Schema.Number,
  /** Agreed (a verdict of RIGHT, a proposal of the pending answer) without changing anything. */
  emptyAgreement: Schema.Boolean,
  /** A verdict whose own reasons say the opposite, with the sentence that does. */
  contradiction: Schema.optionalKey(
    Schema.Struct({
      says: Schema.Literals(["right", "wrong"]),
      from: Schema.Literals(["statement", "answer", "calculation"]),
      quote: Schema.String
    })
  )
})
export type TurnAudit = typeof TurnAudit.Type

/** What dialogues show of who cooperates in them. */
export const Audit = Schema.Struct({
  /** How the dialogues were replayed without a turn: the others as they were, or asked anew. */
  how: Schema.Literals(["frozen", "anew"]),
  dialogues: Schema.Int,
  speakers: Schema.Array(SpeakerAudit),
  /** Every spoken turn, in the order of dialogues and rounds. */
  turns: Schema.Array(TurnAudit)
})
export type Audit = typeof Audit.Type
