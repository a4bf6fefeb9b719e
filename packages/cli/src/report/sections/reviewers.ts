import { percent } from "../../render/number.ts"
import type { BenchmarkIndex } from "../benchmark-index.ts"
import { cells, paragraph, type Section } from "../document.ts"
import { byDataset } from "./by-dataset.ts"
import { groupedRows } from "./grouped-rows.ts"

/** How good reviewers' verdicts were. */
export const reviewers = (benchmark: BenchmarkIndex): Section | undefined => {
  const blocks = byDataset(benchmark, "reviewers", ({ name }) => {
    const rows = groupedRows(benchmark, (system) => {
      const reviews = benchmark.result(system, name)?.reviews
      if (reviews === undefined) return []
      const { precision, recall, balancedAccuracy, unreadable } = reviews
      return [
        cells(
          system,
          percent(precision),
          percent(recall),
          percent(balancedAccuracy),
          unreadable.toLocaleString("en")
        )
      ]
    })
    if (rows.length === 0) return []
    return [
      {
        kind: "table",
        caption: `${name}: verdicts against the truth; a verdict of WRONG is what is looked for`,
        columns: [
          { heading: "system", align: "left" },
          { heading: "precision", align: "right" },
          { heading: "recall", align: "right" },
          { heading: "balanced accuracy", align: "right" },
          { heading: "unreadable", align: "right" }
        ],
        rows
      }
    ]
  })
  if (blocks.length === 0) return undefined
  return {
    id: "reviewers",
    title: "Reviewers",
    blocks: [
      paragraph(
        "Precision: of the answers called wrong, how many were. Recall: of the wrong answers that were reviewed, how many were called so. Balanced accuracy is 50% for a reviewer that always says the same."
      ),
      ...blocks
    ]
  }
}
