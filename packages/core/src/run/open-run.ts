import { Effect, Schema, type Scope } from "effect"
import { TeamConfig } from "../config/team-config.ts"
import type { TracerError } from "../errors.ts"
import { eventVersion, type TracerEvent } from "../event.ts"
import type { Registry } from "../registry/registry.ts"
import { type EventLog, sqliteEventLog } from "../store/event-log.ts"
import { snapshotsOf, teamFileVersion, writeTeamFile } from "../store/team-file.ts"
import type { Task } from "../task.ts"
import { type Assembly, assemble, type MakePolicy } from "../team/assemble.ts"
import { requireWholeDraws } from "../team/require-whole-draws.ts"
import { type EmpiricalPlay, empiricalPlay } from "../training/empirical-play.ts"
import { batchCount, train } from "../training/train.ts"
import { digestOf, loadTasks } from "./load-tasks.ts"
import { forgetWeights, prepareDirectory, resumable, runFiles } from "./run-directory.ts"

/** What to train, and where to keep it. */
export interface RunPlace {
  readonly config: TeamConfig
  readonly registry: Registry
  readonly directory: string
  /** In place of the tasks that the configuration names. */
  readonly tasks?: { readonly training: ReadonlyArray<Task>; readonly test: ReadonlyArray<Task> }
  /** Gives the team's policies; by default the registry does. */
  readonly makePolicy?: MakePolicy
  /** Hears of every event as soon as it is in order. */
  readonly onEvent?: (event: TracerEvent) => void
}

/** A run whose folder is at hand: untrained, or as far as an earlier start has brought it. */
export interface OpenRun {
  readonly assembly: Assembly
  readonly training: ReadonlyArray<Task>
  readonly test: ReadonlyArray<Task>
  readonly batches: number
  /** Batches that an earlier start has done; `undefined` where there was none. */
  readonly resumedAt: number | undefined
  readonly log: EventLog
  /** The joint play of all batches so far. */
  readonly play: EmpiricalPlay
  readonly emit: (event: TracerEvent) => void
  /** Writes what was emitted. */
  readonly flush: Effect.Effect<void, TracerError>
  /** Trains on the batches that are left, with a checkpoint after each. */
  readonly learn: Effect.Effect<void, TracerError>
}

/** Follows the dialogues that an earlier start has played, from what it wrote down of them. */
const replayPlay = Effect.fnUntraced(function* (log: EventLog, { game }: Assembly, dialogues: number) {
  const play = empiricalPlay()
  const values = (yield* log.read("decision-value")).filter((event) => event.type === "decision-value")
  const byEpisode = Map.groupBy(values, ({ episode }) => episode)
  const controllerOf = (agent: string, seat: string) =>
    game.protocol.seats.find((known) => known.agent === agent && known.name === seat)?.controller ?? seat
  for (let episode = 0; episode < dialogues; episode++) {
    play.record(
      (byEpisode.get(episode) ?? []).map(({ agent, seat, info, actions, played, values: worth }) => ({
        ...{ controller: controllerOf(agent, seat), info, actions, played, values: worth }
      }))
    )
  }
  return play
})

/**
 * Opens the folder of a run, or begins one there, with the team as its last checkpoint left it; models are released with the scope.
 *
 * Fails with `ConfigError` for a wrong configuration, with `StoreError` for a folder that cannot be used.
 */
export const openRun: (place: RunPlace) => Effect.Effect<OpenRun, TracerError, Scope.Scope> =
  Effect.fnUntraced(function* (place: RunPlace) {
    const { config, registry, directory, makePolicy, onEvent } = place
    const files = runFiles(directory)
    yield* requireWholeDraws(config)
    const { training, test } = place.tasks ?? (yield* loadTasks(config, registry))
    const tasks = digestOf([...training, ...test])
    const earlier = yield* resumable(directory, config, tasks)
    const assembly = yield* assemble(config, registry, earlier?.controllers, makePolicy)
    const { game, learner, credit, meter } = assembly
    if (learner !== undefined && earlier?.weights !== undefined) {
      yield* learner.load(files.weights(earlier.weights))
    }
    yield* prepareDirectory(directory, earlier)
    const log = yield* sqliteEventLog(files.events)
    yield* log.truncate(earlier?.progress?.events ?? 0)

    const pending: Array<TracerEvent> = []
    const emit = (event: TracerEvent) => {
      pending.push(event)
      onEvent?.(event)
    }
    const flush = Effect.suspend(() => log.append(pending.splice(0)))
    const batches = batchCount(training.length, config.training)
    const startBatch = earlier?.progress?.batchesDone ?? 0
    const played = Math.min(startBatch * config.training.batchSize, training.length * config.training.epochs)
    const play = yield* replayPlay(log, assembly, played)
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
    }
    const learn = Effect.suspend(() =>
      train(game, training, {
        seed: config.seed,
        credit,
        ...(learner === undefined ? {} : { learner }),
        ...config.training,
        ...{ startBatch, play, emit },
        spentTokens: meter.tokens,
        afterBatch: checkpoint
      })
    )
    const resumedAt = earlier === undefined ? undefined : startBatch
    return { assembly, training, test, batches, resumedAt, log, play, emit, flush, learn }
  })
