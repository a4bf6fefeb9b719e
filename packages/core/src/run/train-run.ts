import { Effect, Schema } from "effect"
import { TeamConfig } from "../config/team-config.ts"
import type { Episode } from "../engine/play-episode.ts"
import type { TracerError } from "../errors.ts"
import { eventVersion, type TracerEvent } from "../event.ts"
import type { Registry } from "../registry/registry.ts"
import { type EventLog, sqliteEventLog } from "../store/event-log.ts"
import { writeJsonFile } from "../store/json-file.ts"
import { snapshotsOf, teamFileVersion, writeTeamFile } from "../store/team-file.ts"
import { assemble } from "../team/assemble.ts"
import { requireWholeDraws } from "../team/require-whole-draws.ts"
import { batchCount, train } from "../training/train.ts"
import { evaluateSystems } from "./evaluate-systems.ts"
import { digestOf, loadTasks } from "./load-tasks.ts"
import { forgetWeights, prepareDirectory, resumable, runFiles } from "./run-directory.ts"
import { gainsOf, learnedStates, RunSummary, summaryVersion } from "./summary.ts"

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

/** A training run: what to train, and where to keep it. */
export interface TrainRun {
  readonly config: TeamConfig
  readonly registry: Registry
  readonly directory: string
  /** Hears of every event as soon as it is in order. */
  readonly onEvent?: (event: TracerEvent) => void
  readonly onPhase?: (phase: RunPhase) => void
  /** Hears of every evaluation dialogue as it ends, in no particular order. */
  readonly onEvaluated?: (episode: Episode) => void
}

const curveOf = Effect.fnUntraced(function* (log: EventLog) {
  const points: Array<RunSummary["curve"][number]> = []
  for (const event of yield* log.read("batch-end")) {
    if (event.type !== "batch-end") continue
    const { batch, correct, tokens, episodes } = event
    points.push({ batch, accuracy: correct / episodes, tokensPerTask: tokens / episodes })
  }
  return points
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
    yield* requireWholeDraws(config)
    const { training, test } = yield* loadTasks(config, run.registry)
    const tasks = digestOf([...training, ...test])
    const earlier = yield* resumable(directory, config, tasks)
    const assembly = yield* assemble(config, run.registry, earlier?.controllers)
    const { game, learner } = assembly
    if (learner !== undefined && earlier?.weights !== undefined) {
      yield* learner.load(files.weights(earlier.weights))
    }
    yield* prepareDirectory(directory, earlier)
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
      if (learner !== undefined && batchesDone > 0) {
        weights = `weights-${batchesDone}`
        yield* learner.save(files.weights(weights))
      }
      yield* flush
      yield* writeTeamFile(directory, {
        version: teamFileVersion,
        config,
        controllers: snapshotsOf(game.controllers),
        ...(weights === undefined ? {} : { weights }),
        progress: { batchesDone, batches, events: yield* log.length, tasks }
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
      // From here on the folder is this run's, also where it is stopped before its first batch.
      yield* checkpoint(0)
    } else run.onPhase?.({ kind: "resume", batchesDone: startBatch, batches })

    const measure = (when: "before" | "after") =>
      evaluateSystems({
        assembly,
        directory,
        when,
        test,
        onSystem: (system) => run.onPhase?.({ kind: "evaluate", when, system, tasks: test.length }),
        ...(run.onEvaluated === undefined ? {} : { onEpisode: run.onEvaluated })
      })
    const before = yield* measure("before")
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
    const systems = [...before, ...(yield* measure("after"))]
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
    emit({ type: "run-end", episodes: training.length * config.training.epochs })
    yield* flush
    yield* writeJsonFile(files.summary, RunSummary, summary)
    return summary
  },
  Effect.scoped
)
