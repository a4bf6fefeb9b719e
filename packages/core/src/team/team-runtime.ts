import { Effect, type Scope } from "effect"
import { decodeTeamConfig } from "../config/read-config.ts"
import type { TeamConfig, TeamConfigInput } from "../config/team-config.ts"
import { type Episode, playEpisode } from "../engine/play-episode.ts"
import type { Selection } from "../engine/select-action.ts"
import type { CreditError, PolicyError, TracerError } from "../errors.ts"
import { evaluate } from "../evaluation/evaluate.ts"
import type { EvaluationReport } from "../evaluation/report.ts"
import type { TracerEvent } from "../event.ts"
import { seedKey, split } from "../random.ts"
import { type AnyPlugin, createRegistry } from "../registry/registry.ts"
import { runFiles } from "../run/run-directory.ts"
import { readTeamFile, snapshotsOf, teamFileVersion, writeTeamFile } from "../store/team-file.ts"
import { requireGolds } from "../task/require-golds.ts"
import type { Task } from "../task.ts"
import { train } from "../training/train.ts"
import { type Assembly, assemble } from "./assemble.ts"
import { requireWholeDraws } from "./require-whole-draws.ts"

/** How a question is put to a team. */
export interface SolveOptions {
  /** Another seed draws another dialogue; the configuration's by default. */
  readonly seed?: number
  /** `sample` plays the learned average strategies, `greedy` (the default) their likeliest actions. */
  readonly selection?: Selection
  readonly emit?: (event: TracerEvent) => void
}

/** How a single question is put to a team. */
export interface SolveQuestionOptions extends SolveOptions {
  /** Emits what is said already while it is spoken, as `utterance-delta`, where the policy can. */
  readonly deltas?: boolean
}

/** A team as Effects. `Team` is the same with Promises. */
export interface TeamRuntime {
  readonly config: TeamConfig
  readonly assembly: Assembly
  readonly solve: (
    task: Task,
    options?: SolveQuestionOptions
  ) => Effect.Effect<Episode, PolicyError | CreditError>
  /** Trains on tasks with gold answers, by the configuration's `training`. */
  readonly train: (
    tasks: ReadonlyArray<Task>,
    emit?: (event: TracerEvent) => void
  ) => Effect.Effect<void, TracerError>
  readonly evaluate: (
    tasks: ReadonlyArray<Task>,
    options?: SolveOptions & { readonly system?: string; readonly onEpisode?: (episode: Episode) => void }
  ) => Effect.Effect<EvaluationReport, TracerError>
  readonly save: (directory: string) => Effect.Effect<void, TracerError>
}

const runtimeOf = (config: TeamConfig, assembly: Assembly): TeamRuntime => {
  const { game, learner } = assembly
  const emitting = (emit: ((event: TracerEvent) => void) | undefined) => (emit === undefined ? {} : { emit })
  return {
    config,
    assembly,
    solve: (task, { seed = config.seed, selection = "greedy", emit, deltas = false } = {}) =>
      Effect.suspend(() =>
        playEpisode(game, task, 0, split(seedKey(seed), "solve"), {
          mode: "solve",
          strategy: "average",
          selection,
          deltas,
          ...emitting(emit)
        })
      ),
    train: Effect.fnUntraced(function* (
      tasks: ReadonlyArray<Task>,
      emit?: (event: TracerEvent) => void
    ): Effect.fn.Return<void, TracerError> {
      yield* requireGolds(tasks, "tasks", game.grader)
      yield* requireWholeDraws(config)
      yield* train(game, tasks, {
        seed: config.seed,
        credit: assembly.credit,
        spentTokens: assembly.meter.tokens,
        ...(learner === undefined ? {} : { learner }),
        ...config.training,
        ...emitting(emit)
      })
    }),
    evaluate: (
      tasks,
      { seed = config.seed, selection = "sample", emit, onEpisode, system = config.name } = {}
    ) =>
      Effect.andThen(
        requireGolds(tasks, "tasks", game.grader),
        evaluate(game, tasks, {
          system,
          seed,
          strategy: "average",
          selection,
          concurrency: config.training.concurrency,
          prices: assembly.prices,
          ...emitting(emit),
          ...(onEpisode === undefined ? {} : { onEpisode })
        })
      ),
    save: Effect.fnUntraced(function* (directory: string) {
      const weights = "weights"
      if (learner !== undefined) yield* learner.save(runFiles(directory).weights(weights))
      yield* writeTeamFile(directory, {
        version: teamFileVersion,
        config,
        controllers: snapshotsOf(game.controllers),
        ...(learner === undefined ? {} : { weights })
      })
    })
  }
}

/** Makes a team from a configuration; models are released with the scope. */
export const makeTeam: (
  input: TeamConfigInput,
  plugins: ReadonlyArray<AnyPlugin>
) => Effect.Effect<TeamRuntime, TracerError, Scope.Scope> = Effect.fnUntraced(function* (
  input: TeamConfigInput,
  plugins: ReadonlyArray<AnyPlugin>
) {
  const config = yield* decodeTeamConfig(input)
  return runtimeOf(config, yield* assemble(config, createRegistry(plugins)))
})

/** Loads a team that `save` or a training run has written. */
export const loadTeam: (
  directory: string,
  plugins: ReadonlyArray<AnyPlugin>
) => Effect.Effect<TeamRuntime, TracerError, Scope.Scope> = Effect.fnUntraced(function* (
  directory: string,
  plugins: ReadonlyArray<AnyPlugin>
) {
  const file = yield* readTeamFile(directory)
  const assembly = yield* assemble(file.config, createRegistry(plugins), file.controllers)
  if (assembly.learner !== undefined && file.weights !== undefined) {
    yield* assembly.learner.load(runFiles(directory).weights(file.weights))
  }
  return runtimeOf(file.config, assembly)
})
