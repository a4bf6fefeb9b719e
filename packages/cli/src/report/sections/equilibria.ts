import { fixed } from "../../render/number.ts"
import type { BenchmarkIndex } from "../benchmark-index.ts"
import { cells, paragraph, type Section } from "../document.ts"
import { type Spread, spreadOf } from "../over-seeds.ts"
import { byDataset } from "./by-dataset.ts"
import { groupedRows } from "./grouped-rows.ts"

const withSpread = ({ mean, low, high }: Spread): string =>
  low === high ? fixed(mean, 4) : `${fixed(mean, 4)} (${fixed(low, 4)} to ${fixed(high, 4)})`

/** How far the joint play was from an equilibrium. */
export const equilibria = (benchmark: BenchmarkIndex): Section | undefined => {
  const blocks = byDataset(benchmark, "equilibria", ({ name }) => {
    const of = (system: string) =>
      benchmark.summary.equilibria.filter((cell) => cell.system === system && cell.dataset === name)
    const rows = groupedRows(benchmark, (system) => {
      const own = of(system)
      if (own.length === 0) return []
      return [
        cells(
          system,
          own.reduce((sum, { decisions }) => sum + decisions, 0).toLocaleString("en"),
          withSpread(spreadOf(own.map(({ correlated }) => correlated))),
          withSpread(spreadOf(own.map(({ coarse }) => coarse)))
        )
      ]
    })
    if (rows.length === 0) return []
    return [
      {
        kind: "table",
        caption: `${name}: gaps of the empirical joint play in training, in units of decision values; mean over the seeds, lowest to highest`,
        columns: [
          { heading: "system", align: "left" },
          { heading: "decisions", align: "right" },
          { heading: "correlated equilibrium gap", align: "right" },
          { heading: "coarse correlated equilibrium gap", align: "right" }
        ],
        rows
      }
    ]
  })
  if (blocks.length === 0) return undefined
  return {
    id: "equilibria",
    title: "Distance from equilibrium",
    blocks: [
      paragraph(
        "A gap is what one decision maker could have gained per dialogue by always playing another action wherever it played a certain one (correlated), or by one fixed action (coarse), others' play left as it was. It is measured by estimated values, and says nothing of dialogues that were not played. 0 is an equilibrium of the joint play; the single strategies are none for that."
      ),
      ...blocks
    ]
  }
}
