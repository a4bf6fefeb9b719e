import { Effect } from "effect"
import type { StrategyMode } from "../controller.ts"
import { eagerAll } from "../engine/eager-all.ts"
import type { Game } from "../engine/game.ts"
import { type Episode, playEpisode } from "../engine/play-episode.ts"
import type { Selection } from "../engine/select-action.ts"
import type { CreditError, PolicyError } from "../errors.ts"
import type { TracerEvent } from "../event.ts"
import { seedKey, split } from "../random.ts"
import type { Task } from "../task.ts"
import { recordOf } from "./dialogue-record.ts"
import type { Prices } from "./price.ts"
import { type EvaluationReport, reportOf } from "./report.ts"

/** How a team is evaluated. */
export interface EvaluateSettings {
  /** The row's name in tables. */
  readonly system: string
  readonly seed: number
  readonly strategy: StrategyMode
  readonly selection: Selection
  readonly concurrency: number
  /** By agent; without them nothing is said of costs. */
  readonly prices?: Prices
  readonly emit?: (event: TracerEvent) => void
  /** Hears of every dialogue as it ends, in no particular order; events are emitted in task order at the end. */
  readonly onEpisode?: (episode: Episode) => void
}

/**
 * Plays every task once and reports; holds no dialogue longer than it lasts. Two systems under one seed share the draws of each
 * task's first turn.
 */
export const evaluate: <S>(
  game: Game<S>,
  tasks: ReadonlyArray<Task>,
  settings: EvaluateSettings
) => Effect.Effect<EvaluationReport, PolicyError | CreditError> = Effect.fnUntraced(function* <S>(
  game: Game<S>,
  tasks: ReadonlyArray<Task>,
  settings: EvaluateSettings
) {
  const root = split(seedKey(settings.seed), "evaluate")
  const { emit, onEpisode } = settings
  const buffers: Array<Array<TracerEvent>> = []
  const plays = tasks.map((task, number) => {
    const buffer: Array<TracerEvent> = []
    buffers.push(buffer)
    const play = playEpisode(game, task, number, split(root, number), {
      mode: "evaluate",
      strategy: settings.strategy,
      selection: settings.selection,
      ...(emit === undefined ? {} : { emit: (event: TracerEvent) => buffer.push(event) })
    })
    return Effect.mapEager(play, (episode) => {
      onEpisode?.(episode)
      return recordOf(episode, game.grader)
    })
  })
  const records = yield* eagerAll(plays, settings.concurrency)
  if (emit !== undefined) for (const event of buffers.flat()) emit(event)
  return reportOf(settings.system, records, settings.prices)
})
