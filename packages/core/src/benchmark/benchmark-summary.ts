import { Schema } from "effect"
import { SpeakerAudit } from "../audit/speaker-audit.ts"
import { Interval } from "../evaluation/interval.ts"
import { Rate } from "../evaluation/report.ts"
import { CurvePoint, LearnedState } from "../run/summary.ts"
import { NotableDialogue, RegretCurve } from "./cell-result.ts"

/** Names a cell of the benchmark: one system on one dataset under one seed. */
const Cell = { system: Schema.String, dataset: Schema.String, seed: Schema.Int }

/** A system of the benchmark. */
export const BenchmarkSystem = Schema.Struct({
  name: Schema.String,
  /** The part of the tables that it stands in, as in `protocols`, `controllers` or `ablations`. */
  group: Schema.String,
  /** What learns: nothing, controllers alone, or weights, too. */
  learns: Schema.Literals(["nothing", "controllers", "weights"]),
  /** How its conditions differ from the others' (prompts, sampling, token limits), in words; empty where they do not. */
  differs: Schema.Array(Schema.String),
  /** The systems that the configuration compares it with besides the baseline, or that it names although one is the baseline. */
  against: Schema.optionalKey(Schema.Array(Schema.String))
})
export type BenchmarkSystem = typeof BenchmarkSystem.Type

/** What a system did on a dataset, over all seeds. */
export const BenchmarkResult = Schema.Struct({
  system: Schema.String,
  dataset: Schema.String,
  /** The seeds that were finished. */
  seeds: Schema.Array(Schema.Int),
  /** Over tasks, each counted once by its mean over the seeds. */
  accuracy: Interval,
  /** Means per task. */
  promptTokens: Schema.Number,
  completionTokens: Schema.Number,
  calls: Schema.Number,
  /** In the currency of the configuration's prices, per task; absent where a price is not known. */
  cost: Schema.optionalKey(Schema.Number),
  /** Sums over the seeds. */
  unparsed: Schema.Int,
  wrongToRight: Schema.Int,
  rightToWrong: Schema.Int,
  correction: Rate,
  preservation: Rate,
  reviews: Schema.optionalKey(
    Schema.Struct({
      precision: Schema.Number,
      recall: Schema.Number,
      balancedAccuracy: Schema.Number,
      unreadable: Schema.Int
    })
  ),
  belowChance: Schema.Boolean,
  bySeed: Schema.Array(
    Schema.Struct({ seed: Schema.Int, accuracy: Schema.Number, tokens: Schema.Number, calls: Schema.Number })
  ),
  /** Tokens that learning took, in all seeds together, candidates and forks included; 0 for a system that does not learn. */
  trainingTokens: Schema.Int
})
export type BenchmarkResult = typeof BenchmarkResult.Type

/** What a whole benchmark found: a function of its configuration alone. */
export const BenchmarkSummary = Schema.Struct({
  version: Schema.Literal(1),
  name: Schema.String,
  seeds: Schema.Array(Schema.Int),
  /** Tasks that every system was measured on, and that those that learn learned on. */
  datasets: Schema.Array(
    Schema.Struct({
      name: Schema.String,
      tasks: Schema.Int,
      trainingTasks: Schema.optionalKey(Schema.Int)
    })
  ),
  /** What costs are in, as in `USD`; absent where the configuration names none. */
  currency: Schema.optionalKey(Schema.String),
  systems: Schema.Array(BenchmarkSystem),
  /** The system that the others are compared with. */
  baseline: Schema.String,
  results: Schema.Array(BenchmarkResult),
  /**
   * `system` less `baseline`, paired by task: accuracy in shares, tokens per task. One with the summary's own baseline for each other
   * system, and more where a system has a counterpart of its own, as one that learned has itself untrained.
   */
  comparisons: Schema.Array(
    Schema.Struct({
      system: Schema.String,
      baseline: Schema.String,
      dataset: Schema.String,
      accuracy: Interval,
      tokens: Interval
    })
  ),
  /** Training dialogues as they were really played. */
  curves: Schema.Array(Schema.Struct({ ...Cell, points: Schema.Array(CurvePoint) })),
  /** Average regret against its bound while learning, for the information state nearest to its bound. */
  regret: Schema.Array(Schema.Struct({ ...Cell, ...RegretCurve.fields })),
  /** What controllers learned, by information state. */
  strategies: Schema.Array(Schema.Struct({ ...Cell, states: Schema.Array(LearnedState) })),
  /** How far the empirical joint play was from a correlated and from a coarse correlated equilibrium, in units of decision values. */
  equilibria: Schema.Array(
    Schema.Struct({ ...Cell, decisions: Schema.Int, correlated: Schema.Number, coarse: Schema.Number })
  ),
  /** What became of the others where audits and dialogues took a turn out; `frozen` where it is absent. */
  replay: Schema.optionalKey(Schema.Literals(["frozen", "anew"])),
  audits: Schema.Array(Schema.Struct({ ...Cell, speakers: Schema.Array(SpeakerAudit) })),
  /** Dialogues worth reading: those in which talking helped most, and those in which it hurt most. */
  dialogues: Schema.Array(Schema.Struct({ ...Cell, ...NotableDialogue.fields })),
  /** What is missing, and why: cells that the budget did not reach, or that failed. */
  missing: Schema.Array(Schema.Struct({ ...Cell, reason: Schema.String }))
})
export type BenchmarkSummary = typeof BenchmarkSummary.Type
