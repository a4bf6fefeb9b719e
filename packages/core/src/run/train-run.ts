import { existsSync } from "node:fs"
import { mkdir } from "node:fs/promises"
import { Effect, Schema } from "effect"
import { TeamConfig } from "../config/team-config.ts"
import type { Episode } from "../engine/play-episode.ts"
import { ConfigError, StoreError, type TracerError } from "../errors.ts"
import { evaluate } from "../evaluation/evaluate.ts"
import { EvaluationReport } from "../evaluation/report.ts"
import { eventVersion, type TracerEvent } from "../event.ts"
import type { Registry } from "../registry/registry.ts"
import { type EventLog, sqliteEventLog } from "../store/event-log.ts"
import { readJsonFile, writeJsonFile } from "../store/json-file.ts"
import { snapshotsOf, teamFileVersion, writeTeamFile } from "../store/team-file.ts"
import type { Task } from "../task.ts"
import { type Assembly, assemble } from "../team/assemble.ts"
import { batchCount, train } from "../training/train.ts"
import { forgetWeights, resumable, runFiles } from "./run-directory.ts"
import { type EvaluatedSystem, gainsOf, learnedStates, RunSummary, summaryVersion } from "./summary.ts"

/** A training run: what to train, and where to keep it. */
export interface TrainRun {
  readonly config: TeamConfig
  readonly registry: Registry
  readonly directory: string
  /** Hears of every event as soon as it is in order, and of each evaluation as it starts. */
  readonly onEvent?: (event: TracerEvent) => void
  readonly onPhase?: (phase: RunPhase) => void
  /** Hears of every evaluation dialogue as it ends, in no particular order. */
  readonly onEvaluated?: (episode: Episode) => void
}

/** What a run is busy with. */
export type RunPhase =
  | { readonly kind: "resume"; readonly batchesDone: number; readonly batches: number }
  | { readonly kind: "train"; readonly batches: number; readonly tasks: number }
  | {
      readonly kind: "evaluate"
      readonly when: "before" | "after"
      readonly system: string
      readonly tasks: number
    }

const requireGolds = (tasks: ReadonlyArray<Task>, path: string): Effect.Effect<void, ConfigError> => {
  const bare = tasks.find((task) => task.gold === undefined)
  if (tasks.length > 0 && bare === undefined) return Effect.void
  return new ConfigError({
    path,
    message:
      bare === undefined
        ? `${path} gives no tasks.`
        : `${path}: task "${bare.id}" has no gold answer, and nothing can be learned or measured without one.`,
    hint: "Every task needs a question and an answer."
  })
}

const loadTasks = Effect.fnUntraced(function* (run: TrainRun) {
  const { config, registry } = run
  if (config.tasks === undefined) {
    return yield* new ConfigError({
      path: "tasks",
      message: "tasks is missing: the configuration does not say what to train on.",
      hint: `Add tasks: { train: { use: ... }, test: { use: ... } }; known here: ${registry.names("tasks").join(", ")}.`
    })
  }
  const context = { seed: config.seed }
  const training = yield* registry.make("tasks", config.tasks.train, context, "tasks.train")
  yield* requireGolds(training, "tasks.train")
  if (config.tasks.test === undefined) return { training, test: [] }
  const test = yield* registry.make("tasks", config.tasks.test, context, "tasks.test")
  yield* requireGolds(test, "tasks.test")
  return { training, test }
})

/** Evaluates the systems of one side of learning; a report that an earlier run has left is read, not made again. */
const evaluateSystems = Effect.fnUntraced(function* (
  run: TrainRun,
  assembly: Assembly,
  when: "before" | "after",
  test: ReadonlyArray<Task>
) {
  const files = runFiles(run.directory)
  const systems: Array<EvaluatedSystem> = []
  if (test.length === 0) return systems
  for (const [index, system] of run.config.systems.entries()) {
    if (system.when !== when && system.when !== "both") continue
    const file = files.evaluation(when, index)
    if (existsSync(file)) {
      systems.push({ when, report: yield* readJsonFile(file, EvaluationReport, "an evaluation") })
      continue
    }
    run.onPhase?.({ kind: "evaluate", when, system: system.name, tasks: test.length })
    const game =
      system.protocol === undefined
        ? assembly.game
        : yield* assembly.under(system.protocol, `systems[${index}].protocol`)
    const report = yield* evaluate(game, test, {
      system: system.name,
      seed: run.config.seed,
      strategy: "average",
      selection: system.selection,
      concurrency: run.config.training.concurrency,
      ...(run.onEvaluated === undefined ? {} : { onEpisode: run.onEvaluated })
    })
    yield* writeJsonFile(file, EvaluationReport, report)
    systems.push({ when, report })
  }
  return systems
})

const curveOf = Effect.fnUntraced(function* (log: EventLog) {
  const events = yield* log.read("batch-end")
  return events.flatMap((event) =>
    event.type === "batch-end"
      ? [
          {
            batch: event.batch,
            accuracy: event.correct / event.episodes,
            tokensPerTask: event.tokens / event.episodes
          }
        ]
      : []
  )
})

/**
 * Trains a team from its configuration: evaluates the baselines, learns, evaluates again, and writes `summary.json`,
 * `team.json`, the weights and the event log into `directory`.
 *
 * A run that was stopped or killed at any moment goes on from its last checkpoint when it is started again, and ends
 * in the same files as one that was not. Fails with `ConfigError` for a wrong configuration, with `StoreError` for a
 * folder that cannot be used.
 */
export const trainRun: (run: TrainRun) => Effect.Effect<RunSummary, TracerError> = Effect.fnUntraced(
  function* (run: TrainRun) {
    const { config, directory } = run
    const files = runFiles(directory)
    const earlier = yield* resumable(directory, config)
    const { training, test } = yield* loadTasks(run)
    const assembly = yield* assemble(config, run.registry, earlier?.controllers)
    const { game, learner } = assembly
    if (learner !== undefined && earlier?.weights !== undefined) {
      yield* learner.load(files.weights(earlier.weights))
    }
    yield* Effect.tryPromise({
      try: () => mkdir(directory, { recursive: true }),
      catch: (cause) =>
        new StoreError({
          path: directory,
          message: `The folder ${directory} cannot be made: ${String(cause)}`,
          hint: "Choose a folder that can be written.",
          cause
        })
    })
    const log = yield* sqliteEventLog(files.events)
    yield* log.truncate(earlier?.progress?.events ?? 0)

    const pending: Array<TracerEvent> = []
    const emit = (event: TracerEvent) => {
      pending.push(event)
      run.onEvent?.(event)
    }
    const flush = Effect.suspend(() => log.append(pending.splice(0)))
    const batches = batchCount(training.length, config.training)
    const startBatch = earlier?.progress?.batchesDone ?? 0
    let weights = earlier?.weights

    const checkpoint = Effect.fnUntraced(function* (batchesDone: number) {
      const held = weights
      if (learner !== undefined) {
        weights = `weights-${batchesDone}`
        yield* learner.save(files.weights(weights))
      }
      yield* flush
      yield* writeTeamFile(directory, {
        version: teamFileVersion,
        config,
        controllers: snapshotsOf(game.controllers),
        ...(weights === undefined ? {} : { weights }),
        progress: { batchesDone, batches, events: yield* log.length }
      })
      if (held !== undefined && held !== weights) yield* forgetWeights(directory, held)
    })

    if (earlier === undefined) {
      emit({
        type: "run-start",
        version: eventVersion,
        name: config.name,
        seed: config.seed,
        config: Schema.encodeSync(Schema.toCodecJson(TeamConfig))(config)
      })
    } else run.onPhase?.({ kind: "resume", batchesDone: startBatch, batches })

    const before = yield* evaluateSystems(run, assembly, "before", test)
    if (startBatch < batches) {
      run.onPhase?.({ kind: "train", batches, tasks: training.length })
      yield* train(game, training, {
        seed: config.seed,
        credit: assembly.credit,
        ...(learner === undefined ? {} : { learner }),
        ...config.training,
        startBatch,
        emit,
        afterBatch: checkpoint
      })
    }
    const after = yield* evaluateSystems(run, assembly, "after", test)
    const systems = [...before, ...after]
    const summary: RunSummary = {
      version: summaryVersion,
      name: config.name,
      seed: config.seed,
      trainingTasks: training.length,
      systems,
      gains: gainsOf(systems),
      learned: learnedStates(game),
      curve: yield* curveOf(log)
    }
    emit({ type: "run-end", reason: "completed", episodes: training.length * config.training.epochs })
    yield* flush
    yield* writeJsonFile(files.summary, RunSummary, summary)
    return summary
  },
  Effect.scoped
)
