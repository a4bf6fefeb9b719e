import { Effect, Schema } from "effect"
import { isRegretController } from "../controller.ts"
import type { Game } from "../engine/game.ts"
import { Interval, pairedDifference } from "../evaluation/interval.ts"
import { EvaluationReport } from "../evaluation/report.ts"
import type { EventLog } from "../store/event-log.ts"
import { MeasuredEquilibrium } from "../training/empirical-play.ts"

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
  curve: Schema.Array(CurvePoint),
  /** Tokens that learning took, candidates, forks and judges included. */
  trainingTokens: Schema.optionalKey(Schema.Int),
  /** How far the joint play of training was from equilibrium; absent where nothing was decided. */
  equilibrium: Schema.optionalKey(MeasuredEquilibrium)
})
export type RunSummary = typeof RunSummary.Type

/** The version of `summary.json`. */
export const summaryVersion = 1

/** The learning curve of a run's log, and the tokens that learning took where they were counted. */
export const curveOf = Effect.fnUntraced(function* (log: EventLog) {
  const curve: Array<typeof CurvePoint.Type> = []
  let trainingTokens: number | undefined
  for (const event of yield* log.read("batch-end")) {
    if (event.type !== "batch-end") continue
    const { batch, correct, tokens, episodes, spentTokens } = event
    curve.push({ batch, accuracy: correct / episodes, tokensPerTask: tokens / episodes })
    if (spentTokens !== undefined) trainingTokens = (trainingTokens ?? 0) + spentTokens
  }
  return { curve, ...(trainingTokens === undefined ? {} : { trainingTokens }) }
})

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
