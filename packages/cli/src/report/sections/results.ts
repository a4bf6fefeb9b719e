import type { BenchmarkResult } from "@tracer-sdk/core"
import { counted, fixed, percent, percentRange } from "../../render/number.ts"
import type { BenchmarkIndex, IndexedDataset } from "../benchmark-index.ts"
import { type Block, cells, type Inline, type Row, type Section, type Table } from "../document.ts"
import { differencePlot } from "../plots/difference-plot.ts"
import { verdictOf } from "../verdict.ts"
import { countOf, pointsCell, price, signed } from "../words/numbers.ts"
import { byDataset } from "./by-dataset.ts"
import { groupedRows } from "./grouped-rows.ts"
import { takeNotes } from "./notes.ts"

const right = (heading: string) => ({ heading, align: "right" as const })

const resultsTable = (benchmark: BenchmarkIndex, { name }: IndexedDataset): Table => {
  const { summary } = benchmark
  const results = benchmark.results(name)
  const priced = results.some(({ cost }) => cost !== undefined)
  const { mark, notes } = takeNotes()
  const marksOf = (system: string, result: BenchmarkResult | undefined): ReadonlyArray<Inline> => {
    const texts = [
      ...(result?.belowChance === true ? ["Below chance: guessing would do better."] : []),
      ...(result === undefined
        ? ["Not measured; see what is missing."]
        : result.seeds.length < summary.seeds.length
          ? [`Only ${result.seeds.length} of ${counted(summary.seeds.length, "seed")}.`]
          : []),
      ...(benchmark.system(system)?.differs ?? []).map((text) => `Other conditions: ${text}`)
    ]
    return texts.length === 0 ? [] : [{ mark: texts.map(mark).join(", ") }]
  }
  const tasks = summary.datasets.find((dataset) => dataset.name === name)?.tasks ?? 0
  const isMissing = (system: string) =>
    summary.missing.some((cell) => cell.system === system && cell.dataset === name)
  const row = (system: string): ReadonlyArray<Row> => {
    const result = benchmark.result(system, name)
    if (result === undefined && !isMissing(system)) return []
    const title = [system, ...marksOf(system, result)]
    if (result === undefined) return [cells(title)]
    const pair = benchmark.againstBaseline(system, name)
    const difference =
      system === summary.baseline ? "baseline" : pair === undefined ? "" : pointsCell(pair.accuracy)
    const values = [
      title,
      benchmark.system(system)?.learns ?? "",
      percent(result.accuracy.mean),
      percentRange(result.accuracy),
      difference,
      fixed(result.promptTokens, 1),
      fixed(result.completionTokens, 1),
      fixed(result.calls, 2),
      ...(priced ? [result.cost === undefined ? "not known" : price(1000 * result.cost)] : []),
      countOf(result.unparsed, tasks * result.seeds.length)
    ]
    return [{ kind: "cells", cells: values, strong: system === summary.baseline }]
  }
  const rows = groupedRows(benchmark, row)
  return {
    kind: "table",
    caption: `${name}: ${counted(tasks, "task")}, ${counted(summary.seeds.length, "seed")}. Accuracy and its 95% interval in per cent; the difference to ${summary.baseline} in points, paired by task, with its 95% interval (▲ above zero, ▼ below, ≈ no difference could be shown); tokens and calls per task; unparsed: dialogues without a readable answer, counted as wrong, too.`,
    columns: [
      { heading: "system", align: "left" },
      { heading: "learns", align: "left" },
      right("accuracy"),
      right("95% interval"),
      right("difference"),
      right("prompt tokens"),
      right("completion tokens"),
      right("calls"),
      ...(priced
        ? [right(`${summary.currency === undefined ? "cost" : summary.currency} per 1,000 tasks`)]
        : []),
      right("unparsed")
    ],
    rows,
    notes: notes()
  }
}

const seedsTable = (benchmark: BenchmarkIndex, { name }: IndexedDataset): Table => ({
  kind: "table",
  caption: `${name}, seed by seed: accuracy in per cent`,
  folded: true,
  columns: [
    { heading: "system", align: "left" },
    ...benchmark.summary.seeds.map((seed) => right(`seed ${seed}`)),
    right("tokens for learning")
  ],
  rows: groupedRows(benchmark, (system) => {
    const result = benchmark.result(system, name)
    if (result === undefined) return []
    const of = (seed: number) => result.bySeed.find((cell) => cell.seed === seed)?.accuracy
    return [
      cells(
        system,
        ...benchmark.summary.seeds.map((seed) => {
          const accuracy = of(seed)
          return accuracy === undefined ? "missing" : percent(accuracy)
        }),
        result.trainingTokens === 0 ? "none" : result.trainingTokens.toLocaleString("en")
      )
    ]
  })
})

const differences = (benchmark: BenchmarkIndex, { name, slug }: IndexedDataset): ReadonlyArray<Block> => {
  const pairs = benchmark.systems.flatMap((system) => {
    const pair = benchmark.againstBaseline(system.name, name)
    return pair === undefined ? [] : [{ group: system.group, ...pair }]
  })
  if (pairs.length === 0) return []
  const told = pairs.map(
    ({ system, accuracy }) => `${system} ${signed(100 * accuracy.mean, 1)} points, ${verdictOf(accuracy)}`
  )
  return [
    {
      kind: "figure",
      name: `differences-${slug}`,
      caption: `How much more accurate each system was than ${benchmark.summary.baseline} on ${name}, in points, with 95% intervals. Filled triangles: the interval leaves zero out. Open circles: it holds zero, and no difference could be shown.`,
      description: `Differences in accuracy to ${benchmark.summary.baseline} on ${name}: ${told.join("; ")}.`,
      plot: differencePlot(pairs, benchmark.groups)
    }
  ]
}

/** The table of all systems, and how each compares with the baseline. */
export const results = (benchmark: BenchmarkIndex): Section | undefined => {
  const blocks = byDataset(benchmark, "results", (dataset) =>
    benchmark.results(dataset.name).length === 0
      ? []
      : [resultsTable(benchmark, dataset), ...differences(benchmark, dataset), seedsTable(benchmark, dataset)]
  )
  return blocks.length === 0 ? undefined : { id: "results", title: "Results", blocks }
}
