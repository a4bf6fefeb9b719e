import { percent } from "../../render/number.ts"
import type { BenchmarkIndex, IndexedDataset } from "../benchmark-index.ts"
import { type Block, cells, type Figure, paragraph, type Section } from "../document.ts"
import { featureNames } from "../info-order.ts"
import { type LearnedStrategy, learnedStrategies } from "../learned-strategies.ts"
import { strategyPlot } from "../plots/strategy-plot.ts"
import { byDataset } from "./by-dataset.ts"

/** More columns than this would not fit a sheet of paper. */
const widest = 10

/** Systems side by side, as few figures as there is room for, and as even. */
const sideBySide = (systems: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> => {
  const figures = Math.ceil(systems.length / widest)
  const size = Math.ceil(systems.length / figures)
  return Array.from({ length: figures }, (_, i) => systems.slice(i * size, (i + 1) * size))
}

/** Figures of a controller whose states tell the same everywhere. */
const figuresOf = (
  dataset: IndexedDataset,
  learned: ReadonlyArray<LearnedStrategy>
): ReadonlyArray<Figure> => {
  const alike = Map.groupBy(learned, ({ controller, info }) =>
    JSON.stringify([controller, featureNames(info)])
  )
  const parts = [...alike.values()].flatMap((own) =>
    sideBySide([...new Set(own.map(({ system }) => system))]).map((systems) =>
      own.filter(({ system }) => systems.includes(system))
    )
  )
  return parts.map((shown, i) => {
    const controller = shown[0]?.controller ?? ""
    const most = shown.toSorted((a, b) => b.visits - a.visits).slice(0, 6)
    const told = most.map(
      ({ system, info, action, probability }) => `${system}, ${info}: ${action} ${percent(probability)}`
    )
    return {
      kind: "figure",
      name: `strategies-${dataset.slug}-${i + 1}`,
      caption: [{ strong: controller }, ` on ${dataset.name}`],
      description: `Average strategies of ${controller} on ${dataset.name}. The states met most: ${told.join("; ")}. The table below has all.`,
      plot: strategyPlot(shown)
    }
  })
}

/** What controllers learned, by information state. */
export const strategies = (benchmark: BenchmarkIndex): Section | undefined => {
  const blocks = byDataset(benchmark, "strategies", (dataset): ReadonlyArray<Block> => {
    const { name } = dataset
    const learned = learnedStrategies(benchmark, name)
    if (learned.length === 0) return []
    return [
      ...figuresOf(dataset, learned),
      {
        kind: "table",
        folded: true,
        caption: `${name}: every learned strategy`,
        columns: [
          { heading: "system", align: "left" },
          { heading: "controller", align: "left" },
          { heading: "information state", align: "left" },
          { heading: "action", align: "left" },
          { heading: "probability", align: "right" },
          { heading: "visits", align: "right" }
        ],
        rows: learned.map(({ system, controller, info, action, probability, visits }) =>
          cells(system, controller, info, action, percent(probability), visits.toLocaleString("en"))
        )
      }
    ]
  })
  if (blocks.length === 0) return undefined
  return {
    id: "strategies",
    title: "Strategies by information state",
    blocks: [
      paragraph(
        "In each cell stands the average strategy's probability of the action, in per cent, and below it how often the state was met, over all seeds; of two actions the one that speaks is shown. An empty cell: the system never met the state. Where n is small, the figure says little, for strategies start from even odds. Systems whose controllers are told other things stand in figures of their own."
      ),
      ...blocks
    ]
  }
}
