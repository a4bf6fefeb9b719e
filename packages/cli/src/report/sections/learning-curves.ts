import { fixed, percent } from "../../render/number.ts"
import type { BenchmarkIndex } from "../benchmark-index.ts"
import { type Block, cells, paragraph, type Section } from "../document.ts"
import { overSeeds, type Stretch } from "../over-seeds.ts"
import { curvePlot } from "../plots/curve-plot.ts"
import { byDataset } from "./by-dataset.ts"
import { groupedRows } from "./grouped-rows.ts"

interface SystemCurve {
  readonly system: string
  readonly accuracy: ReadonlyArray<Stretch>
  readonly tokens: ReadonlyArray<Stretch>
}

const curvesOf = ({ summary, systems }: BenchmarkIndex, dataset: string): ReadonlyArray<SystemCurve> =>
  systems.flatMap(({ name }) => {
    const own = summary.curves.filter((curve) => curve.system === name && curve.dataset === dataset)
    const accuracy = overSeeds(
      own.map(({ points }) => points.map((p) => ({ batch: p.batch, value: p.accuracy })))
    )
    const tokens = overSeeds(
      own.map(({ points }) => points.map((p) => ({ batch: p.batch, value: p.tokensPerTask })))
    )
    return accuracy.length === 0 ? [] : [{ system: name, accuracy, tokens }]
  })

const ends = (curve: ReadonlyArray<Stretch>, say: (value: number) => string): readonly [string, string] => {
  const of = (stretch: Stretch | undefined) => (stretch === undefined ? "" : say(stretch.mean))
  return [of(curve[0]), of(curve.at(-1))]
}

/** How accuracy and tokens went in training. */
export const learningCurves = (benchmark: BenchmarkIndex): Section | undefined => {
  const blocks = byDataset(benchmark, "learning-curves", ({ name, slug }): ReadonlyArray<Block> => {
    const curves = curvesOf(benchmark, name)
    if (curves.length === 0) return []
    const bySystem = new Map(curves.map((curve) => [curve.system, curve]))
    const told = (key: "accuracy" | "tokens", say: (value: number) => string) =>
      curves
        .map((curve) => `${curve.system} from ${ends(curve[key], say)[0]} to ${ends(curve[key], say)[1]}`)
        .join("; ")
    return [
      {
        kind: "figure",
        name: `curves-${slug}`,
        caption: `Accuracy in training on ${name}, batch by batch, as the dialogues were really played, with exploration. Line: mean over the seeds. Band: lowest to highest seed.`,
        description: `Accuracy in training on ${name}, first to last stretch of batches: ${told("accuracy", percent)}.`,
        plot: curvePlot(
          curves.map(({ system, accuracy }) => ({ system, points: accuracy })),
          { title: "accuracy", percent: true }
        )
      },
      {
        kind: "figure",
        name: `tokens-${slug}`,
        caption: `Tokens per task of the same dialogues; candidates and forks are not in them.`,
        description: `Tokens per task in training on ${name}, first to last stretch of batches: ${told("tokens", (value) => fixed(value, 0))}.`,
        plot: curvePlot(
          curves.map(({ system, tokens }) => ({ system, points: tokens })),
          { title: "tokens per task", percent: false }
        )
      },
      {
        kind: "table",
        folded: true,
        caption: `${name}: first and last stretch of the curves, means over the seeds`,
        columns: [
          { heading: "system", align: "left" },
          { heading: "accuracy, first", align: "right" },
          { heading: "last", align: "right" },
          { heading: "tokens, first", align: "right" },
          { heading: "last", align: "right" }
        ],
        rows: groupedRows(benchmark, (system) => {
          const curve = bySystem.get(system)
          return curve === undefined
            ? []
            : [
                cells(
                  system,
                  ...ends(curve.accuracy, percent),
                  ...ends(curve.tokens, (value) => fixed(value, 1))
                )
              ]
        })
      }
    ]
  })
  if (blocks.length === 0) return undefined
  return {
    id: "learning-curves",
    title: "Learning curves",
    blocks: [
      paragraph(
        "Training dialogues explore, and every batch has other tasks: a curve shows that something was learned, the table of results how much."
      ),
      ...blocks
    ]
  }
}
