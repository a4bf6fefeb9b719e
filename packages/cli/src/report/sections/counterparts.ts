import type { BenchmarkIndex } from "../benchmark-index.ts"
import { cells, type Section } from "../document.ts"
import { differenceCell, pointsCell } from "../words/numbers.ts"
import { byDataset } from "./by-dataset.ts"

/** Comparisons between systems that belong together: trained and untrained, with a part and without it. */
export const counterparts = (benchmark: BenchmarkIndex): Section | undefined => {
  const { summary, systems } = benchmark
  const blocks = byDataset(benchmark, "counterparts", ({ name }) => {
    const pairs = systems.flatMap((system) =>
      summary.comparisons.filter(
        (pair) => pair.system === system.name && pair.dataset === name && pair.baseline !== summary.baseline
      )
    )
    if (pairs.length === 0) return []
    return [
      {
        kind: "table",
        caption: `${name}: the first system less the second, paired by task, with 95% intervals (▲ above zero, ▼ below, ≈ no difference could be shown)`,
        columns: [
          { heading: "system", align: "left" },
          { heading: "less", align: "left" },
          { heading: "accuracy in points", align: "right" },
          { heading: "tokens per task", align: "right" }
        ],
        rows: pairs.map(({ system, baseline, accuracy, tokens }) =>
          cells(system, baseline, pointsCell(accuracy), differenceCell(tokens, 1))
        )
      }
    ]
  })
  return blocks.length === 0 ? undefined : { id: "counterparts", title: "With a part and without it", blocks }
}
