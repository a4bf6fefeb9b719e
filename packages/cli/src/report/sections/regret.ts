import { fixed, percent } from "../../render/number.ts"
import type { BenchmarkIndex } from "../benchmark-index.ts"
import { type Block, cells, paragraph, type Row, type Section } from "../document.ts"
import { overSeeds, spreadOf } from "../over-seeds.ts"
import { type RegretPanel, regretPlot } from "../plots/regret-plot.ts"
import { byDataset } from "./by-dataset.ts"
import { groupedRows } from "./grouped-rows.ts"

type Measured = BenchmarkIndex["summary"]["regret"][number]

const shareOfBound = ({ points }: Measured): number => {
  const last = points.at(-1)
  return last === undefined || last.bound <= 0 ? 0 : last.averageRegret / last.bound
}

const controllersOf = (runs: ReadonlyArray<Measured>): ReadonlyMap<string, ReadonlyArray<Measured>> =>
  Map.groupBy(
    runs.filter(({ points }) => points.length > 0),
    ({ controller }) => controller
  )

/** The controller that was nearest to its bound when learning ended. */
const panelOf = (system: string, runs: ReadonlyArray<Measured>): ReadonlyArray<RegretPanel> => {
  const [nearest] = [...controllersOf(runs)]
    .map(([controller, own]) => ({ controller, own, share: spreadOf(own.map(shareOfBound)).high }))
    .toSorted((a, b) => b.share - a.share || (a.controller < b.controller ? -1 : 1))
  if (nearest === undefined) return []
  const curve = (key: "averageRegret" | "bound") =>
    overSeeds(
      nearest.own.map(({ points }) => points.map((point) => ({ batch: point.batch, value: point[key] })))
    )
  return [{ system, controller: nearest.controller, regret: curve("averageRegret"), bound: curve("bound") }]
}

const rowsOf = (system: string, runs: ReadonlyArray<Measured>): ReadonlyArray<Row> =>
  [...controllersOf(runs)].map(([controller, own]) => {
    const last = own.flatMap(({ points }) => points.at(-1) ?? [])
    const mean = (key: "averageRegret" | "bound" | "visits") => spreadOf(last.map((point) => point[key])).mean
    const share = spreadOf(own.map(shareOfBound)).high
    const holds = own.every(({ points }) => points.every(({ invariantHolds }) => invariantHolds))
    return cells(
      system,
      controller,
      fixed(mean("visits"), 0),
      fixed(mean("averageRegret"), 4),
      fixed(mean("bound"), 4),
      percent(share),
      holds ? "holds" : "broken"
    )
  })

/** Average regret against its bound while learning. */
export const regret = (benchmark: BenchmarkIndex): Section | undefined => {
  const blocks = byDataset(benchmark, "regret", ({ name, slug }): ReadonlyArray<Block> => {
    const of = (system: string) =>
      benchmark.summary.regret.filter((run) => run.system === system && run.dataset === name)
    const panels = benchmark.systems.flatMap((system) => panelOf(system.name, of(system.name)))
    if (panels.length === 0) return []
    const told = panels.map(
      ({ system, controller, regret, bound }) =>
        `${system} (${controller}) ${fixed(regret.at(-1)?.mean ?? 0, 4)} of ${fixed(bound.at(-1)?.mean ?? 0, 4)}`
    )
    return [
      {
        kind: "figure",
        name: `regret-${slug}`,
        caption: `Average regret (solid, with the band of the seeds) and its bound (dashed) while learning on ${name}, for each system's controller that ended nearest to its bound, in its information state nearest to the bound, which may be another one after each batch.`,
        description: `Average regret against its bound on ${name}, at the end of learning: ${told.join("; ")}.`,
        plot: regretPlot(panels)
      },
      {
        kind: "table",
        folded: true,
        caption: `${name}: every controller at the end of learning, means over the seeds; the share of the bound is that of the worst seed, and above 100% the bound is exceeded`,
        columns: [
          { heading: "system", align: "left" },
          { heading: "controller", align: "left" },
          { heading: "visits", align: "right" },
          { heading: "average regret", align: "right" },
          { heading: "bound", align: "right" },
          { heading: "share of bound", align: "right" },
          { heading: "invariant", align: "left" }
        ],
        rows: groupedRows(benchmark, (system) => rowsOf(system, of(system)))
      }
    ]
  })
  if (blocks.length === 0) return undefined
  return {
    id: "regret",
    title: "Regret against its bound",
    blocks: [
      paragraph(
        "Regret is what the best single action would have gained over what was played, by the values that were measured. Below its bound, a controller does what regret matching promises; that the values were right is another matter."
      ),
      ...blocks
    ]
  }
}
