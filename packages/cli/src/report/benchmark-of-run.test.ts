import type { TracerEvent } from "@tracer-sdk/core"
import { describe, expect, it } from "vitest"
import { summaryExample } from "../../test/summary-example.ts"
import { benchmarkOfRun } from "./benchmark-of-run.ts"
import { documentToMarkdown } from "./markdown/document-to-markdown.ts"
import { reportDocument } from "./report-document.ts"

const regret = [0, 1, 2].flatMap((batch) =>
  ["alice.proposer", "bob.reviewer"].map(
    (controller): Extract<TracerEvent, { readonly type: "regret-measured" }> => ({
      type: "regret-measured",
      batch,
      controller,
      averageRegret: 0.25 / (batch + 1),
      bound: 1 / (batch + 1),
      visits: 10 * (batch + 1),
      invariantHolds: true
    })
  )
)

const record = { summary: summaryExample, regret, learns: "weights" as const }

describe("benchmarkOfRun", () => {
  it("compares the trained team with every system before learning, the first of which is the baseline", () => {
    const { systems, baseline, comparisons, seeds, datasets } = benchmarkOfRun(record)
    expect(systems.map(({ name, learns }) => [name, learns])).toEqual([
      ["single proposer, before learning", "nothing"],
      ["always speaks, before learning", "nothing"],
      ["team, after learning", "weights"]
    ])
    expect(baseline).toBe("single proposer, before learning")
    expect(comparisons.map((pair) => [pair.system, pair.baseline, pair.accuracy.mean])).toEqual([
      ["team, after learning", "single proposer, before learning", 0.25],
      ["team, after learning", "always speaks, before learning", 0.175]
    ])
    expect(seeds).toEqual([7])
    expect(datasets).toEqual([{ name: "test tasks", tasks: 40, trainingTasks: 1200 }])
  })

  it("pairs tokens by task", () => {
    const [single, ...others] = summaryExample.systems
    if (single === undefined) throw new Error("The example has no systems.")
    const scored = (tokens: ReadonlyArray<number>) =>
      tokens.map((count, i) => ({ task: `t${i}`, correct: true, tokens: count, calls: 1 }))
    const systems = [
      { ...single, report: { ...single.report, perTask: scored([100, 200, 300]) } },
      ...others.map((other) => ({ ...other, report: { ...other.report, perTask: scored([110, 220, 330]) } }))
    ]
    const [pair] = benchmarkOfRun({ ...record, summary: { ...summaryExample, systems } }).comparisons
    // 10, 20 and 30 more: mean 20, standard deviation 10, and 1.96 x 10 / sqrt(3) = 11.316.
    expect(pair?.tokens.mean).toBeCloseTo(20)
    expect(pair?.tokens.low).toBeCloseTo(20 - 11.316, 2)
  })

  it("keeps the regret of each controller, and what was learned", () => {
    const benchmark = benchmarkOfRun(record)
    expect(benchmark.regret.map(({ controller, points }) => [controller, points.length])).toEqual([
      ["alice.proposer", 3],
      ["bob.reviewer", 3]
    ])
    expect(benchmark.strategies).toEqual([
      { system: "team, after learning", dataset: "test tasks", seed: 7, states: summaryExample.learned }
    ])
  })

  it("makes a report that says what learning gave", () => {
    const text = documentToMarkdown(reportDocument(benchmarkOfRun(record)), "report")
    expect(text).toContain(
      "**No difference by learning could be shown:** **team, after learning** against **always speaks, before learning** +17.5 points (-2.1 to +37.1)."
    )
    expect(text).not.toMatch(/NaN|Infinity|undefined/)
  })

  it("makes a report of a run that was not measured", () => {
    const bare = { ...summaryExample, systems: [], gains: [], learned: [], curve: [] }
    const text = documentToMarkdown(
      reportDocument(benchmarkOfRun({ ...record, regret: [], summary: bare })),
      "report"
    )
    expect(text).toContain("Nothing was measured.")
    expect(text).not.toMatch(/NaN|Infinity|undefined/)
  })
})
