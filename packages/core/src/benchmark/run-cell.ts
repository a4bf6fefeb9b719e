import { createHash } from "node:crypto"
import { join } from "node:path"
import { Effect } from "effect"
import { auditDialogues } from "../audit/index.ts"
import type { TeamConfig } from "../config/team-config.ts"
import type { Game } from "../engine/game.ts"
import type { Episode } from "../engine/play-episode.ts"
import { evaluate } from "../evaluation/evaluate.ts"
import type { Registry } from "../registry/registry.ts"
import { digestOf } from "../run/load-tasks.ts"
import { type OpenRun, openRun } from "../run/open-run.ts"
import { decisive } from "../run/run-directory.ts"
import { curveOf, learnedStates } from "../run/summary.ts"
import type { Task } from "../task.ts"
import { type Assembly, assemble } from "../team/assemble.ts"
import type { AuditConfig, SystemEntry } from "./benchmark-config.ts"
import type { CellResult, CellTraining } from "./cell-result.ts"
import type { ModelPool } from "./model-pool.ts"
import { notableDialogues } from "./notable-dialogues.ts"

/** The tasks of a data set, as the benchmark loaded them. */
export interface Dataset {
  readonly name: string
  readonly training: ReadonlyArray<Task>
  readonly test: ReadonlyArray<Task>
}

/** One system on one data set under one seed. */
export interface Cell {
  readonly system: string
  readonly dataset: Dataset
  readonly seed: number
  readonly entry: SystemEntry
  /** What is played, or was trained, with the cell's seed. */
  readonly team: TeamConfig
  /** What is played in place of the team's protocol, and where that stands in the configuration. */
  readonly protocol?: { readonly use: TeamConfig["protocol"]; readonly path: string }
  readonly learns: "nothing" | "controllers" | "weights"
  /** The folder of the training that this cell plays with: its own, or another system's. */
  readonly training: string
  readonly directory: string
}

/** What cells share. */
export interface CellSetting {
  readonly registry: Registry
  readonly pool: ModelPool
  readonly audit: AuditConfig
  readonly onBatch?: (done: number, of: number) => void
  readonly onTask?: () => void
}

/** A digest of everything that decides a cell's result. */
export const conditionsOf = (
  { team, dataset, learns, protocol, entry }: Cell,
  { audit }: Pick<CellSetting, "audit">
): string =>
  createHash("sha256")
    .update(
      JSON.stringify([
        decisive(team),
        protocol?.use ?? null,
        entry.selection,
        learns === "nothing" ? null : digestOf(dataset.training),
        digestOf(dataset.test),
        [audit.dialogues, audit.replay]
      ])
    )
    .digest("hex")
    .slice(0, 16)

const trainingOf = Effect.fnUntraced(function* ({ assembly, log, play }: OpenRun) {
  const { curve, trainingTokens = 0 } = yield* curveOf(log)
  const points = (yield* log.read("regret-measured")).filter((event) => event.type === "regret-measured")
  const { plays: _, otherDialogues: __, ...equilibrium } = play.measured()
  const training: CellTraining = {
    tokens: trainingTokens,
    curve,
    regret: [...Map.groupBy(points, ({ controller }) => controller)].map(([controller, own]) => ({
      controller,
      points: own.map(({ type: ___, controller: ____, ...point }) => point)
    })),
    learned: learnedStates(assembly.game),
    ...(equilibrium.decisions === 0 ? {} : { equilibrium })
  }
  return training
})

/** The team of a cell, trained where it learns; a training that was stopped goes on from its last batch. */
const teamOf = Effect.fnUntraced(function* (cell: Cell, { registry, pool, onBatch }: CellSetting) {
  const { team, dataset, learns, training: directory } = cell
  if (learns === "nothing") {
    return { assembly: yield* assemble(team, registry, {}, pool.shared), training: undefined }
  }
  const opened = yield* openRun({
    ...{ config: team, registry, directory },
    tasks: dataset,
    makePolicy: learns === "weights" ? pool.own : pool.shared,
    onEvent: (event) => {
      if (event.type === "batch-end") onBatch?.(event.batch + 1, event.batches)
    }
  })
  yield* opened.learn
  return { assembly: opened.assembly, training: yield* trainingOf(opened) }
})

/** What is evaluated: the team's own game, or its agents and controllers under another protocol. */
const gameOf = (
  { game, under }: Assembly,
  { protocol }: Cell
): ReturnType<Assembly["under"]> | Effect.Effect<Game<unknown>> =>
  protocol === undefined ? Effect.succeed(game) : under(protocol.use, protocol.path)

/** Trains where there is something to learn, evaluates on the test tasks, and looks into the dialogues. */
export const runCell = Effect.fnUntraced(function* (cell: Cell, setting: CellSetting) {
  const { system, dataset, seed, team, entry } = cell
  const { audit } = setting
  const { concurrency } = team.training
  const { assembly, training } = yield* teamOf(cell, setting)
  const game = yield* gameOf(assembly, cell)
  const episodes: Array<Episode> = []
  const report = yield* evaluate(game, dataset.test, {
    ...{ system, seed, strategy: "average", selection: entry.selection },
    concurrency,
    prices: assembly.prices,
    onEpisode: (episode) => {
      episodes.push(episode)
      setting.onTask?.()
    }
  })
  const inOrder = episodes.toSorted((a, b) => a.number - b.number)
  const audited = inOrder.slice(0, audit.dialogues).map(({ dialogue }) => dialogue)
  const { speakers } = yield* auditDialogues(audited, { how: audit.replay, concurrency })
  const result: CellResult = {
    version: 1,
    conditions: conditionsOf(cell, setting),
    report,
    ...(training === undefined ? {} : { training }),
    speakers,
    dialogues: yield* notableDialogues(inOrder, game.grader, audit.replay)
  }
  return result
}, Effect.scoped)

/** Where a cell keeps its result. */
export const resultFile = ({ directory }: Pick<Cell, "directory">): string => join(directory, "result.json")
