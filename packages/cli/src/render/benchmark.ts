import type { BenchmarkResult, BenchmarkSummary, Interval } from "@tracer-sdk/core"
import { counted, fixed, percent, percentRange, pointsWithRange } from "./number.ts"
import type { Style } from "./style.ts"
import { page } from "./summary.ts"
import { layOut, type Row } from "./table.ts"
import { indented, printable } from "./text.ts"

const points = (difference: Interval): string => pointsWithRange(difference).replace(" points", "")

const row = (
  { system, accuracy, promptTokens, completionTokens, calls, cost, belowChance }: BenchmarkResult,
  { baseline, comparisons, systems, currency }: BenchmarkSummary,
  dataset: string
): ReadonlyArray<string> => {
  const compared = comparisons.find(
    (pair) => pair.system === system && pair.baseline === baseline && pair.dataset === dataset
  )
  const flagged = systems.some(({ name, differs }) => name === system && differs.length > 0)
  return [
    `${flagged ? "†" : " "}${belowChance ? "*" : " "} ${printable(system)}`,
    percent(accuracy.mean),
    percentRange(accuracy),
    fixed(promptTokens + completionTokens, 1),
    fixed(calls, 2),
    ...(currency === undefined ? [] : [cost === undefined ? "" : cost.toPrecision(3)]),
    system === baseline ? "the baseline" : compared === undefined ? "" : points(compared.accuracy)
  ]
}

const table = (summary: BenchmarkSummary, dataset: string, style: Style): ReadonlyArray<string> => {
  const results = summary.results.filter((result) => result.dataset === dataset)
  const groups = [...new Set(summary.systems.map(({ group }) => group))]
  const rows: ReadonlyArray<Row> = groups.flatMap((group) => {
    const names = new Set(summary.systems.filter((system) => system.group === group).map(({ name }) => name))
    const own = results.filter(({ system }) => names.has(system))
    return own.length === 0
      ? []
      : [{ section: style.strong(printable(group)) }, ...own.map((result) => row(result, summary, dataset))]
  })
  const { heading, rows: lines } = layOut(
    [
      { heading: [""], align: "left", most: summary.currency === undefined ? 28 : 22 },
      { heading: ["accuracy"], align: "right" },
      { heading: ["95% interval"], align: "right" },
      { heading: ["tokens", "per task"], align: "right" },
      { heading: ["calls", "per task"], align: "right" },
      ...(summary.currency === undefined
        ? []
        : [{ heading: [printable(summary.currency), "per task"], align: "right" as const }]),
      { heading: ["points more than", "the baseline"], align: "left" }
    ],
    rows
  )
  return [...heading.map(style.faint), ...lines]
}

const differences = ({ systems }: BenchmarkSummary): ReadonlyArray<string> =>
  systems.flatMap(({ name, differs }) =>
    differs.flatMap((difference) => indented(`† ${printable(name)}: ${printable(difference)}`, 2, 2))
  )

const missing = ({ missing: cells }: BenchmarkSummary, style: Style): ReadonlyArray<string> => {
  const reasons = Map.groupBy(cells, ({ reason }) => reason)
  return cells.length === 0
    ? []
    : [
        style.bad(`${counted(cells.length, "cell")} missing`),
        ...[...reasons].flatMap(([reason, own]) => [
          ...indented(`${printable(reason)}:`, 2),
          ...indented(
            own
              .map(({ system, dataset, seed }) => `${printable(system)} on ${dataset} (seed ${seed})`)
              .join(", "),
            4
          )
        ])
      ]
}

/** A benchmark's results for a person at a terminal: a table for each data set, what differs, and what is missing. */
export const renderBenchmark = (summary: BenchmarkSummary, style: Style): string => {
  const { name, seeds, datasets } = summary
  return page([
    ...datasets.map(({ name: dataset, tasks }) => [
      style.strong(
        `${printable(name)} on ${printable(dataset)}: ${counted(tasks, "task")}, ${counted(seeds.length, "seed")}`
      ),
      ...table(summary, dataset, style)
    ]),
    differences(summary),
    summary.results.some(({ belowChance }) => belowChance)
      ? ["  * below what guessing among the choices would give"]
      : [],
    missing(summary, style)
  ])
}
