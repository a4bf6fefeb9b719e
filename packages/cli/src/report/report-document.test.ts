import type { BenchmarkSummary } from "@tracer-sdk/core"
import { describe, expect, it } from "vitest"
import { benchmarkExample } from "../../test/benchmark-example.ts"
import { hostileText } from "../../test/hostile-text.ts"
import { documentToMarkdown } from "./markdown/document-to-markdown.ts"
import { reportDocument } from "./report-document.ts"

/** The example with a few of its systems on one of its data sets. */
const few = (names: ReadonlyArray<string>): BenchmarkSummary => {
  const all = benchmarkExample()
  const kept = <A extends { readonly system: string; readonly dataset: string }>(cells: ReadonlyArray<A>) =>
    cells.filter(({ system, dataset }) => names.includes(system) && dataset === "arithmetic")
  return {
    ...all,
    datasets: all.datasets.slice(0, 1),
    systems: all.systems.filter(({ name }) => names.includes(name)),
    results: kept(all.results),
    comparisons: kept(all.comparisons).filter(({ baseline }) => names.includes(baseline)),
    curves: kept(all.curves),
    regret: kept(all.regret),
    strategies: kept(all.strategies),
    equilibria: kept(all.equilibria),
    audits: kept(all.audits),
    dialogues: kept(all.dialogues),
    missing: kept(all.missing)
  }
}

const empty: BenchmarkSummary = {
  version: 1,
  name: "nothing yet",
  seeds: [1],
  datasets: [{ name: "arithmetic", tasks: 300 }],
  systems: [{ name: "single", group: "protocols", learns: "nothing", differs: [] }],
  baseline: "single",
  results: [],
  comparisons: [],
  curves: [],
  regret: [],
  strategies: [],
  equilibria: [],
  audits: [],
  dialogues: [],
  missing: [{ system: "single", dataset: "arithmetic", seed: 1, reason: "not run yet" }]
}

const titles = (summary: BenchmarkSummary) => reportDocument(summary).sections.map(({ title }) => title)

describe("reportDocument", () => {
  it("tells of a benchmark section by section", async () => {
    const summary = few(["single", "propose-review, always speaks", "MCTS", "tree of thoughts", "TRACER"])
    await expect(documentToMarkdown(reportDocument(summary), "report")).toMatchFileSnapshot(
      "./fixtures/report.md"
    )
  })

  it("tells of a benchmark of which nothing is done", async () => {
    await expect(documentToMarkdown(reportDocument(empty), "report")).toMatchFileSnapshot(
      "./fixtures/empty.md"
    )
  })

  it("leaves out what there is nothing for", () => {
    expect(titles(empty)).toEqual(["In short", "What is missing", "How it was made"])
    expect(titles(few(["single"]))).toEqual(["In short", "Results", "How it was made"])
    expect(titles({ ...empty, missing: [], systems: [], datasets: [] })).toEqual([
      "In short",
      "How it was made"
    ])
  })

  it("names sections, subheadings and figures so that links and files have one each, whatever the data are called", () => {
    for (const summary of [benchmarkExample(), benchmarkExample({ hostile: hostileText })]) {
      const ids = reportDocument(summary).sections.flatMap(({ id, blocks }) => [
        id,
        ...blocks.flatMap((block) =>
          block.kind === "subheading" ? [block.id] : block.kind === "figure" ? [`figure-${block.name}`] : []
        )
      ])
      expect(new Set(ids).size).toBe(ids.length)
      for (const id of ids) expect(id).toMatch(/^[a-z0-9-]+$/)
    }
  })

  it("warns of few seeds, broken invariants and other conditions", () => {
    const summary = few(["single", "tree of thoughts", "TRACER"])
    const broken = summary.regret.map((curve) => ({
      ...curve,
      points: curve.points.map((point) => ({ ...point, invariantHolds: false }))
    }))
    const text = documentToMarkdown(reportDocument({ ...summary, seeds: [1], regret: broken }), "report")
    expect(text).toContain("There is only 1 seed")
    expect(text).toContain("Regret matching's invariant is broken in **TRACER**")
    expect(text).toContain("**tree of thoughts** ran under other conditions")
  })
})
