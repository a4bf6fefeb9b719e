import { Schema } from "effect"
import { isRegretController } from "../controller.ts"
import type { Game } from "../engine/game.ts"
import { Interval, pairedDifference } from "../evaluation/interval.ts"
import { EvaluationReport } from "../evaluation/report.ts"

/** What a controller learned in one information state. */
export const LearnedState = Schema.Struct({
  controller: Schema.String,
  info: Schema.String,
  visits: Schema.Int,
  actions: Schema.Array(Schema.String),
  average: Schema.Array(Schema.Number),
  averageRegret: Schema.Number,
  bound: Schema.Number,
  invariantHolds: Schema.Boolean
})
export type LearnedState = typeof LearnedState.Type

/** One batch of training dialogues, as they were really played. */
export const CurvePoint = Schema.Struct({
  batch: Schema.Int,
  accuracy: Schema.Number,
  tokensPerTask: Schema.Number
})

/** An evaluated system, before or after learning. */
export const EvaluatedSystem = Schema.Struct({
  when: Schema.Literals(["before", "after"]),
  report: EvaluationReport
})
export type EvaluatedSystem = typeof EvaluatedSystem.Type

/** The outcome of a training run: `summary.json`. A function of configuration and seed alone. */
export const RunSummary = Schema.Struct({
  version: Schema.Int,
  name: Schema.String,
  seed: Schema.Int,
  trainingTasks: Schema.Int,
  systems: Schema.Array(EvaluatedSystem),
  /** Accuracy of the first system after learning minus that of each system before, paired by task. */
  gains: Schema.Array(
    Schema.Struct({ system: Schema.String, baseline: Schema.String, difference: Interval })
  ),
  learned: Schema.Array(LearnedState),
  curve: Schema.Array(CurvePoint)
})
export type RunSummary = typeof RunSummary.Type

/** The version of `summary.json`. */
export const summaryVersion = 1

/** What every controller of a game has learned; empty for controllers that do not measure themselves. */
export const learnedStates = ({
  controllers
}: Pick<Game<unknown>, "controllers">): ReadonlyArray<LearnedState> =>
  [...controllers].flatMap(([controller, plugin]) =>
    isRegretController(plugin) ? plugin.regret().map((state) => ({ controller, ...state })) : []
  )

const scores = ({ report }: EvaluatedSystem) =>
  report.perTask.map(({ task, correct }) => ({ task, value: correct ? 1 : 0 }))

/** How much the first system after learning gained on every system before it. */
export const gainsOf = (systems: ReadonlyArray<EvaluatedSystem>): RunSummary["gains"] => {
  const trained = systems.find(({ when }) => when === "after")
  if (trained === undefined) return []
  return systems
    .filter(({ when }) => when === "before")
    .map((baseline) => ({
      system: trained.report.system,
      baseline: baseline.report.system,
      difference: pairedDifference(scores(trained), scores(baseline))
    }))
}
