import { CliOutput } from "effect/cli"
import { describe, expect, it } from "vitest"
import { summaryExample, teamReport } from "../../test/summary-example.ts"
import { renderEvaluation } from "./evaluation.ts"
import { ansiStyle, plainStyle } from "./style.ts"
import { renderSummary } from "./summary.ts"

const place = {
  directory: "runs/the first",
  command: "tracer",
  files: [
    { name: "evaluations/", size: 41_200 },
    { name: "events.sqlite", size: 3_400_000 },
    { name: "events.sqlite-wal", size: 0 },
    { name: "summary.json", size: 18_100 },
    { name: "team.json", size: 912 },
    { name: "weights-38/", size: 1_310_720 }
  ]
}

const widest = (text: string): number => Math.max(...text.split("\n").map(CliOutput.displayWidth))

describe("renderSummary", () => {
  it("shows at a glance what learning changed, what was learned, and what to do next", async () => {
    await expect(renderSummary(summaryExample, { place })).toMatchFileSnapshot("fixtures/summary.txt")
  })

  it("says so where nothing was measured", () => {
    const text = renderSummary({ ...summaryExample, systems: [], gains: [] })
    expect(text).toContain(
      "Learned on 1,200 tasks; not measured, since the configuration names no test tasks."
    )
    expect(text).not.toContain("accuracy")
  })

  it("keeps to 100 columns however long names and numbers are", () => {
    const [first, ...rest] = summaryExample.systems
    if (first === undefined) throw new Error("the example has systems")
    const report = {
      ...first.report,
      system: "the system with a name that nobody would ever type twice",
      promptTokens: 1_234_567.8,
      calls: 1234.5,
      accuracy: { mean: 1, low: 0.912, high: 1 },
      correction: { count: 1318, of: 1319 },
      wrongToRight: 1318,
      preservation: { count: 0, of: 1319 },
      rightToWrong: 1319,
      unparsed: 1319,
      belowChance: true
    }
    const text = renderSummary(
      { ...summaryExample, systems: [{ when: "before", report }, ...rest] },
      { place }
    )
    expect(widest(text)).toBeLessThanOrEqual(100)
    expect(text).toContain("* below what guessing among the choices would give")
  })

  it("says the same with colours and without", () => {
    const coloured = renderSummary(summaryExample, { place, style: ansiStyle })
    expect(coloured).not.toBe(renderSummary(summaryExample, { place }))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what is looked for
    expect(coloured.replaceAll(/\u001b\[\d+m/g, "")).toBe(renderSummary(summaryExample, { place }))
  })
})

describe("renderEvaluation", () => {
  it("shows a report, its reviews and who spoke when", async () => {
    await expect(renderEvaluation(teamReport, plainStyle)).toMatchFileSnapshot("fixtures/evaluation.txt")
    expect(renderEvaluation({ ...teamReport, cost: 0.000123456 }, plainStyle, "EUR")).toContain(
      "Cost per task:                 0.000123 EUR\n"
    )
  })
})
