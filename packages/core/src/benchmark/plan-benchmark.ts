import { join } from "node:path"
import { Effect } from "effect"
import type { TeamConfig } from "../config/team-config.ts"
import { ConfigError } from "../errors.ts"
import type { Registry } from "../registry/registry.ts"
import { makeGraders } from "../task/make-graders.ts"
import { requireGolds } from "../task/require-golds.ts"
import type { Task } from "../task.ts"
import type { BenchmarkConfig } from "./benchmark-config.ts"
import { differs } from "./differs.ts"
import { baselineOf, folderName, requireNames } from "./names.ts"
import { baseTeam, type PlannedSystem, planSystems } from "./plan-systems.ts"
import type { Cell, Dataset } from "./run-cell.ts"
import type { SummaryFrame } from "./summarise.ts"
import { whatLearns } from "./what-learns.ts"

const requirePairs = (tasks: ReadonlyArray<Task>, path: string): Effect.Effect<void, ConfigError> => {
  const ids = new Set<string>()
  const twice = tasks.find(({ id }) => ids.size === ids.add(id).size)
  if (twice !== undefined) {
    return new ConfigError({
      path,
      message: `${path}: two tasks are called "${twice.id}", so that systems cannot be compared task by task.`,
      hint: "Give every task an id of its own."
    })
  }
  return tasks.length > 1
    ? Effect.void
    : new ConfigError({
        path,
        message: `${path}: there are ${tasks.length} tasks; intervals take two or more.`,
        hint: "Name more tasks to measure on."
      })
}

/** Loads every data set once, under the first seed: the tasks are the same for all systems and seeds. */
const loadDatasets = Effect.fnUntraced(function* (
  { datasets, seeds }: BenchmarkConfig,
  base: TeamConfig,
  registry: Registry
) {
  const grader = yield* makeGraders(base, registry)
  const loaded: Array<Dataset> = []
  const [seed = 1] = seeds
  for (const [name, { train, test }] of Object.entries(datasets)) {
    const path = `datasets.${name}`
    const measured = yield* registry.make("tasks", test, { seed }, `${path}.test`)
    yield* requireGolds(measured, `${path}.test`, grader)
    yield* requirePairs(measured, `${path}.test`)
    let training: ReadonlyArray<Task> = []
    if (train !== undefined) {
      training = yield* registry.make("tasks", train, { seed }, `${path}.train`)
      yield* requireGolds(training, `${path}.train`, grader)
    }
    loaded.push({ name, training, test: measured })
  }
  return loaded
})

/** A benchmark's cells in the order in which they are run, all checked before the first: seed by seed, data set by data set. */
export const planBenchmark = Effect.fnUntraced(function* (
  config: BenchmarkConfig,
  registry: Registry,
  directory: string
) {
  yield* requireNames(config)
  const base = yield* baseTeam(config)
  const datasets = yield* loadDatasets(config, base, registry)
  const planned = yield* planSystems(config, registry)
  const learning = new Map<PlannedSystem, Cell["learns"]>()
  for (const system of planned) {
    learning.set(system, yield* whatLearns(system.team, registry, datasets[0]?.test ?? []))
    const unlearned = datasets.find(({ training }) => training.length === 0)
    if (learning.get(system) === "nothing" || unlearned === undefined) continue
    return yield* new ConfigError({
      path: `datasets.${unlearned.name}.train`,
      message: `datasets.${unlearned.name}.train is missing: "${system.entry.name}" learns, and there is nothing to learn on.`,
      hint: "Name training tasks, or take away what learns: learner: null, and a controller that does not learn."
    })
  }
  const learns = (system: PlannedSystem) => learning.get(system) ?? "nothing"
  const place = (system: string, dataset: string, seed: number) =>
    join(directory, folderName(system), folderName(dataset), `seed-${seed}`)
  const cells = config.seeds.flatMap((seed) =>
    datasets.flatMap((dataset) =>
      planned.map((system): Cell => {
        const { entry, team, protocol, path } = system
        const { train, test } = config.datasets[dataset.name] ?? {}
        return {
          ...{ system: entry.name, dataset, seed, entry, learns: learns(system) },
          team: {
            ...team,
            seed,
            ...(train === undefined || test === undefined ? {} : { tasks: { train, test } })
          },
          ...(protocol === undefined ? {} : { protocol: { use: protocol, path: `${path}.protocol` } }),
          training: join(place(entry.learnedBy ?? entry.name, dataset.name, seed), "training"),
          directory: place(entry.name, dataset.name, seed)
        }
      })
    )
  )
  const frame: SummaryFrame = {
    name: config.name,
    seeds: config.seeds,
    ...(base.prices === undefined ? {} : { currency: base.prices.currency }),
    baseline: baselineOf(config),
    replay: config.audit.replay,
    systems: planned.map((system) => ({
      name: system.entry.name,
      group: system.entry.group,
      against: system.entry.against,
      learns: learns(system),
      differs: differs(base, system.team, learns(system) !== "nothing")
    }))
  }
  return { frame, cells, prices: base.prices }
})
