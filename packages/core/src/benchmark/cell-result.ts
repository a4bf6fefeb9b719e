import { Schema } from "effect"
import { SpeakerAudit } from "../audit/speaker-audit.ts"
import { EvaluationReport } from "../evaluation/report.ts"
import { CurvePoint, LearnedState } from "../run/summary.ts"
import { EquilibriumGaps } from "../training/empirical-play.ts"

/** A controller's average regret and its bound after a batch, in the information state that was nearest to its bound. */
export const RegretPoint = Schema.Struct({
  batch: Schema.Int,
  averageRegret: Schema.Number,
  bound: Schema.Number,
  visits: Schema.Int,
  invariantHolds: Schema.Boolean
})

/** A controller's regret, batch by batch. */
export const RegretCurve = Schema.Struct({
  controller: Schema.String,
  points: Schema.Array(RegretPoint)
})

/** A dialogue worth reading: one in which talking helped, or one in which it hurt. */
export const NotableDialogue = Schema.Struct({
  kind: Schema.Literals(["best", "worst"]),
  task: Schema.String,
  question: Schema.String,
  gold: Schema.String,
  answer: Schema.optionalKey(Schema.String),
  correct: Schema.Boolean,
  turns: Schema.Array(
    Schema.Struct({
      round: Schema.Int,
      agent: Schema.String,
      seat: Schema.String,
      action: Schema.String,
      text: Schema.optionalKey(Schema.String),
      reading: Schema.optionalKey(Schema.String),
      /** What the turn was worth to the outcome: the dialogue's (+1 right, -1 wrong) less that without the turn. */
      credit: Schema.Number
    })
  )
})
export type NotableDialogue = typeof NotableDialogue.Type

/** How a cell's team came to what it plays. */
export const CellTraining = Schema.Struct({
  /** Everything read and written on the way, candidates, forks and judges included. */
  tokens: Schema.Int,
  curve: Schema.Array(CurvePoint),
  regret: Schema.Array(RegretCurve),
  learned: Schema.Array(LearnedState),
  equilibrium: Schema.optionalKey(EquilibriumGaps)
})
export type CellTraining = typeof CellTraining.Type

/** What one system did on one data set under one seed; a function of the configuration alone. */
export const CellResult = Schema.Struct({
  version: Schema.Literal(1),
  /** A digest of everything that decides the result. */
  conditions: Schema.String,
  report: EvaluationReport,
  /** Absent for a system that does not learn. */
  training: Schema.optionalKey(CellTraining),
  speakers: Schema.Array(SpeakerAudit),
  dialogues: Schema.Array(NotableDialogue)
})
export type CellResult = typeof CellResult.Type
