import { Effect } from "effect"
import type { Episode } from "../engine/play-episode.ts"
import type { TracerError } from "../errors.ts"
import { writeJsonFile } from "../store/json-file.ts"
import { evaluateSystems } from "./evaluate-systems.ts"
import { openRun, type RunPlace } from "./open-run.ts"
import { runFiles } from "./run-directory.ts"
import { curveOf, gainsOf, learnedStates, RunSummary, summaryVersion } from "./summary.ts"

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

/** A training run: what to train, where to keep it, and who hears of it. */
export interface TrainRun extends RunPlace {
  readonly onPhase?: (phase: RunPhase) => void
  /** Hears of every evaluation dialogue as it ends, in no particular order. */
  readonly onEvaluated?: (episode: Episode) => void
}

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
    const { config, directory, onPhase, onEvaluated } = run
    const opened = yield* openRun(run)
    const { assembly, training, test, batches, resumedAt, play } = opened
    if (resumedAt !== undefined) onPhase?.({ kind: "resume", batchesDone: resumedAt, batches })
    const measure = (when: "before" | "after") =>
      evaluateSystems({
        ...{ assembly, directory, when, test },
        onSystem: (system) => onPhase?.({ kind: "evaluate", when, system, tasks: test.length }),
        ...(onEvaluated === undefined ? {} : { onEpisode: onEvaluated })
      })
    const before = yield* measure("before")
    if ((resumedAt ?? 0) < batches) {
      onPhase?.({ kind: "train", batches, tasks: training.length })
      yield* opened.learn
    }
    const systems = [...before, ...(yield* measure("after"))]
    const equilibrium = play.measured()
    const summary: RunSummary = {
      version: summaryVersion,
      name: config.name,
      seed: config.seed,
      trainingTasks: training.length,
      systems,
      gains: gainsOf(systems),
      learned: learnedStates(assembly.game),
      ...(yield* curveOf(opened.log)),
      ...(equilibrium.decisions === 0 ? {} : { equilibrium })
    }
    opened.emit({ type: "run-end", episodes: training.length * config.training.epochs })
    yield* opened.flush
    yield* writeJsonFile(runFiles(directory).summary, RunSummary, summary)
    return summary
  },
  Effect.scoped
)
