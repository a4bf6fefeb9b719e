import { fixed, percent } from "../../render/number.ts"
import { type BenchmarkIndex, tokensOf } from "../benchmark-index.ts"
import { type Block, paragraph, type Section } from "../document.ts"
import { efficientFrontier } from "../frontier.ts"
import { frontierPlot } from "../plots/frontier-plot.ts"
import { byDataset } from "./by-dataset.ts"

/** Accuracy against what it takes, with the efficient frontier. */
export const efficiency = (benchmark: BenchmarkIndex): Section | undefined => {
  const blocks = byDataset(benchmark, "efficiency", ({ name, slug }): ReadonlyArray<Block> => {
    const points = benchmark.results(name).map((result) => ({
      system: result.system,
      group: benchmark.system(result.system)?.group ?? "",
      tokens: tokensOf(result),
      accuracy: result.accuracy
    }))
    if (points.length < 2) return []
    const frontier = efficientFrontier(
      points,
      ({ tokens }) => tokens,
      ({ accuracy }) => accuracy.mean
    )
    const told = frontier.map(
      ({ system, tokens, accuracy }) => `${system}, ${fixed(tokens, 1)} tokens, ${percent(accuracy.mean)}`
    )
    return [
      {
        kind: "figure",
        name: `efficiency-${slug}`,
        caption: `Accuracy on ${name} against tokens per task, prompts included. Bars: 95% intervals of the accuracy. The line is the efficient frontier: no other system is both cheaper and at least as accurate as those on it.`,
        description: `Accuracy against tokens per task on ${name}. On the efficient frontier, from cheap to dear: ${told.join("; ")}.`,
        plot: frontierPlot(
          points.map((point) => ({ ...point, efficient: frontier.includes(point) })),
          benchmark.groups
        )
      }
    ]
  })
  if (blocks.length === 0) return undefined
  return {
    id: "efficiency",
    title: "Accuracy against tokens",
    blocks: [
      ...blocks,
      paragraph(
        "Tokens are those of measuring. What learning took once is not in them; the tables by seed have it."
      )
    ]
  }
}
