import type { Replay } from "../credit.ts"
import type { BenchmarkSummary, BenchmarkSystem } from "./benchmark-summary.ts"
import type { CellResult } from "./cell-result.ts"
import { compareSystems, poolSeeds, type SeedReport } from "./pool-seeds.ts"
import type { Cell } from "./run-cell.ts"

/** A cell with what came of it: its result, or why there is none. */
export interface CellOutcome {
  readonly cell: Cell
  readonly result: CellResult | { readonly missing: string }
}

/** What a benchmark is called and compares. */
export interface SummaryFrame {
  readonly name: string
  readonly seeds: ReadonlyArray<number>
  readonly currency?: string
  readonly baseline: string
  /** How dialogues were replayed where turns and speakers are credited. */
  readonly replay: Replay
  readonly systems: ReadonlyArray<BenchmarkSystem & { readonly against: ReadonlyArray<string> }>
}

interface Finished {
  readonly cell: Cell
  readonly result: CellResult
}

const nameOf = ({ system, dataset, seed }: Cell) => ({ system, dataset: dataset.name, seed })

const seedReport = ({ cell, result }: Finished): SeedReport => ({
  seed: cell.seed,
  report: result.report,
  trainingTokens: result.training?.tokens ?? 0
})

/** The pairs to compare: each system with the baseline, then with those that it names itself. */
const pairsOf = ({ systems, baseline }: SummaryFrame) =>
  systems.flatMap(({ name, against }) =>
    [...new Set([baseline, ...against])]
      .filter((other) => other !== name)
      .map((other) => [name, other] as const)
  )

/** What a benchmark found, from what its cells found; a function of them alone, in the order of `outcomes`. */
export const summarise = (frame: SummaryFrame, outcomes: ReadonlyArray<CellOutcome>): BenchmarkSummary => {
  const finished = outcomes.flatMap(
    ({ cell, result }): ReadonlyArray<Finished> => ("missing" in result ? [] : [{ cell, result }])
  )
  // What a system plays with that it did not learn itself is told of by the one that did.
  const learned = finished.flatMap(({ cell, result: { training } }) =>
    training === undefined || cell.entry.learnedBy !== undefined ? [] : [{ name: nameOf(cell), training }]
  )
  const datasets = [...new Map(outcomes.map(({ cell: { dataset } }) => [dataset.name, dataset])).values()]
  const under = (system: string, dataset: string) =>
    finished.filter(({ cell }) => cell.system === system && cell.dataset.name === dataset)
  const reports = (system: string, dataset: string) => under(system, dataset).map(seedReport)
  return {
    version: 1,
    name: frame.name,
    seeds: frame.seeds,
    datasets: datasets.map(({ name, test, training }) => ({
      name,
      tasks: test.length,
      ...(training.length === 0 ? {} : { trainingTasks: training.length })
    })),
    ...(frame.currency === undefined ? {} : { currency: frame.currency }),
    systems: frame.systems.map(({ name, group, learns, differs, against }) => ({
      name,
      group,
      learns,
      differs,
      ...(against.length === 0 ? {} : { against })
    })),
    baseline: frame.baseline,
    results: frame.systems.flatMap(({ name }) =>
      datasets.flatMap((dataset) => {
        const seeds = reports(name, dataset.name)
        return seeds.length === 0 ? [] : [poolSeeds(name, dataset, seeds)]
      })
    ),
    comparisons: pairsOf(frame).flatMap(([system, baseline]) =>
      datasets.flatMap(({ name: dataset }) => {
        const compared = compareSystems(reports(system, dataset), reports(baseline, dataset))
        return compared === undefined ? [] : [{ system, baseline, dataset, ...compared }]
      })
    ),
    curves: learned.map(({ name, training }) => ({ ...name, points: training.curve })),
    regret: learned.flatMap(({ name, training }) => training.regret.map((curve) => ({ ...name, ...curve }))),
    strategies: learned.flatMap(({ name, training }) =>
      training.learned.length === 0 ? [] : [{ ...name, states: training.learned }]
    ),
    equilibria: learned.flatMap(({ name, training: { equilibrium } }) => {
      if (equilibrium === undefined) return []
      const { decisions, correlated, coarse } = equilibrium
      return [{ ...name, decisions, correlated, coarse }]
    }),
    replay: frame.replay,
    audits: finished.flatMap(({ cell, result: { speakers } }) =>
      speakers.length === 0 ? [] : [{ ...nameOf(cell), speakers }]
    ),
    // One seed of each system is enough to read.
    dialogues: frame.systems.flatMap(({ name }) =>
      datasets.flatMap(({ name: dataset }) =>
        under(name, dataset)
          .slice(0, 1)
          .flatMap(({ cell, result }) => result.dialogues.map((told) => ({ ...nameOf(cell), ...told })))
      )
    ),
    missing: outcomes.flatMap(({ cell, result }) =>
      "missing" in result ? [{ ...nameOf(cell), reason: result.missing }] : []
    )
  }
}
