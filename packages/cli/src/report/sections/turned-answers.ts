import { percent } from "../../render/number.ts"
import type { BenchmarkIndex } from "../benchmark-index.ts"
import { type Block, cells, paragraph, type Section } from "../document.ts"
import { mendingPlot } from "../plots/mending-plot.ts"
import { countOf, signed } from "../words/numbers.ts"
import { byDataset } from "./by-dataset.ts"
import { groupedRows } from "./grouped-rows.ts"

const rate = ({ count, of }: { readonly count: number; readonly of: number }): string =>
  of === 0 ? "none" : `${percent(count / of)} (${countOf(count, of)})`

/** What talking after the first proposal mended, and what it broke. */
export const turnedAnswers = (benchmark: BenchmarkIndex): Section | undefined => {
  const blocks = byDataset(benchmark, "turned-answers", ({ name, slug }): ReadonlyArray<Block> => {
    const results = benchmark
      .results(name)
      .filter(({ correction, preservation }) => correction.of + preservation.of > 0)
    const bySystem = new Map(results.map((result) => [result.system, result]))
    const turned = results.filter(({ wrongToRight, rightToWrong }) => wrongToRight + rightToWrong > 0)
    if (results.length === 0) return []
    const told = turned.map(
      ({ system, wrongToRight, rightToWrong }) =>
        `${system} ${wrongToRight} mended and ${rightToWrong} broken`
    )
    return [
      ...(turned.length === 0
        ? []
        : [
            {
              kind: "figure" as const,
              name: `turned-answers-${slug}`,
              caption: `Answers on ${name} that talking turned around, in all seeds together: from wrong to right on the right, from right to wrong on the left.`,
              description: `Answers that talking turned around on ${name}: ${told.join("; ")}.`,
              plot: mendingPlot(turned)
            }
          ]),
      {
        kind: "table",
        caption: `${name}: right at the end, of the dialogues whose first proposal was wrong (correction) and right (preservation)`,
        columns: [
          { heading: "system", align: "left" },
          { heading: "correction", align: "right" },
          { heading: "preservation", align: "right" },
          { heading: "wrong to right", align: "right" },
          { heading: "right to wrong", align: "right" },
          { heading: "on balance", align: "right" }
        ],
        rows: groupedRows(benchmark, (system) => {
          const result = bySystem.get(system)
          if (result === undefined) return []
          const { correction, preservation, wrongToRight, rightToWrong } = result
          return [
            cells(
              system,
              rate(correction),
              rate(preservation),
              wrongToRight.toLocaleString("en"),
              rightToWrong.toLocaleString("en"),
              signed(wrongToRight - rightToWrong, 0)
            )
          ]
        })
      }
    ]
  })
  if (blocks.length === 0) return undefined
  return {
    id: "turned-answers",
    title: "What talking mended, and what it broke",
    blocks: [
      paragraph(
        "Systems start from different first proposals, so that rates are over different dialogues: a system whose first proposals are good has only hard ones left to mend."
      ),
      ...blocks
    ]
  }
}
