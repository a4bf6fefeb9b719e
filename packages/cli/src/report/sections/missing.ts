import type { BenchmarkIndex } from "../benchmark-index.ts"
import { cells, type Section } from "../document.ts"

/** What is missing, and why. */
export const missing = ({ summary }: BenchmarkIndex): Section | undefined => {
  if (summary.missing.length === 0) return undefined
  const same = Map.groupBy(summary.missing, ({ system, dataset, reason }) =>
    JSON.stringify([system, dataset, reason])
  )
  return {
    id: "missing",
    title: "What is missing",
    blocks: [
      {
        kind: "table",
        caption: "Cells that were not measured, and why",
        columns: [
          { heading: "system", align: "left" },
          { heading: "dataset", align: "left" },
          { heading: "seeds", align: "left" },
          { heading: "reason", align: "left" }
        ],
        rows: [...same.values()].flatMap((own) =>
          own
            .slice(0, 1)
            .map(({ system, dataset, reason }) =>
              cells(system, dataset, own.map(({ seed }) => seed).join(", "), reason)
            )
        )
      }
    ]
  }
}
