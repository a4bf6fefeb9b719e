import type { BenchmarkResult, BenchmarkSummary } from "@tracer-sdk/core"
import { describe, expect, it } from "vitest"
import { renderBenchmark } from "./benchmark.ts"
import { plainStyle } from "./style.ts"

const result = (system: string, mean: number, more: Partial<BenchmarkResult> = {}): BenchmarkResult => ({
  ...{ system, dataset: "sums", seeds: [1, 2] },
  accuracy: { mean, low: mean - 0.05, high: mean + 0.05 },
  ...{ promptTokens: 100, completionTokens: 20.5, calls: 2 },
  ...{ unparsed: 0, wrongToRight: 0, rightToWrong: 0 },
  correction: { count: 0, of: 1 },
  preservation: { count: 1, of: 1 },
  ...{ belowChance: false, bySeed: [], trainingTokens: 0 },
  ...more
})

const system = (name: string, group: string, differs: ReadonlyArray<string> = []) => ({
  ...{ name, group, differs, learns: "nothing" as const }
})

const summary: BenchmarkSummary = {
  version: 1,
  name: "words",
  seeds: [1, 2],
  datasets: [{ name: "sums", tasks: 40 }],
  currency: "EUR",
  systems: [
    system("single", "protocols"),
    system("a debate with a name that goes on and on", "protocols", ["sampling.maxTokens is 64, not 512"]),
    system("never run", "controllers")
  ],
  baseline: "single",
  results: [
    result("single", 0.6, { cost: 0.0012 }),
    result("a debate with a name that goes on and on", 0.75, { belowChance: true })
  ],
  comparisons: [
    {
      system: "a debate with a name that goes on and on",
      ...{ baseline: "single", dataset: "sums" },
      accuracy: { mean: 0.15, low: -0.012, high: 0.31 },
      tokens: { mean: 0, low: 0, high: 0 }
    }
  ],
  ...{ curves: [], regret: [], strategies: [], equilibria: [], audits: [], dialogues: [] },
  missing: [1, 2].map((seed) => ({
    system: "never run",
    dataset: "sums",
    seed,
    reason: "the \u001b[31mserver is down"
  }))
}

describe("renderBenchmark", () => {
  it("shows each data set's table, what differs, and what is missing", async () => {
    const text = renderBenchmark(summary, plainStyle)
    await expect(text).toMatchFileSnapshot("fixtures/benchmark.txt")
    expect(text.split("\n").every((line) => line.length <= 100)).toBe(true)
    // Whatever a model or a server says moves no cursor.
    expect(text).not.toContain("\u001b")
  })
})
