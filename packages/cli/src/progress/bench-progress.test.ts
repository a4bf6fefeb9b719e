import type { BenchmarkNews } from "@tracer-sdk/core"
import { describe, expect, it } from "vitest"
import { afterNews, beginBench, benchActivity, benchLine } from "./bench-progress.ts"

const cell = (system: string, seed: number, learns: "nothing" | "weights" = "nothing") => ({
  ...{ system, dataset: "sums", seed, learns }
})

type Told = readonly [news: BenchmarkNews, at: number]
const after = (...told: ReadonlyArray<Told>) =>
  told.reduce((progress, [news, now]) => afterNews(progress, news, now), beginBench(0))

const plan: Told = [
  {
    kind: "plan",
    cells: [
      { ...cell("single", 1), done: true, seconds: 4 },
      { ...cell("tracer", 1, "weights"), done: false },
      { ...cell("single", 2), done: false },
      { ...cell("tracer", 2, "weights"), done: false }
    ]
  },
  1000
]
const start = (system: string, seed: number, at: number, learns: "nothing" | "weights" = "nothing"): Told => [
  { kind: "cell-start", cell: cell(system, seed, learns) },
  at
]

describe("benchLine", () => {
  it("says what runs and how long is left, a cell as long as those that learn the same", () => {
    expect(benchLine(beginBench(0), 2000, 99)).toBe("preparing  0:02")
    const training = after(plan, start("tracer", 1, 1000, "weights"), [
      { kind: "batch", cell: cell("tracer", 1, "weights"), done: 3, of: 12 },
      20_000
    ])
    // Only the 4 s of a cell without learning are known: two cells wait, and this one has taken longer already.
    expect(benchLine(training, 21_000, 99)).toBe(
      "[###.......] 1/4 cells  0:20, about 0:08 left  tracer, sums, seed 1: training 3/12 batches"
    )
    const next = [
      [{ kind: "cell-end", cell: cell("tracer", 1, "weights"), seconds: 60 }, 61_000],
      start("single", 2, 61_000)
    ] as const
    const measuring = next.reduce((progress, [news, now]) => afterNews(progress, news, now), training)
    // 60 s for the training that waits, and 3 of the 4 s of the cell that runs.
    expect(benchLine(measuring, 62_000, 99)).toBe(
      "[#####.....] 2/4 cells  1:01, about 1:03 left  single, sums, seed 2"
    )
  })

  it("counts dialogues, cells at once and cells given up", () => {
    const progress = after(
      plan,
      start("single", 2, 1000),
      start("tracer", 1, 1000, "weights"),
      [{ kind: "cell-failed", cell: cell("tracer", 1, "weights"), reason: "down" }, 2000],
      start("tracer", 2, 2000, "weights"),
      [{ kind: "task", cell: cell("single", 2), of: 9 }, 2000],
      [{ kind: "task", cell: cell("single", 2), of: 9 }, 2000]
    )
    expect(benchLine(progress, 2000, 120)).toContain("1/4 cells, 1 given up")
    expect(benchLine(progress, 2000, 120)).toContain("2 at once  single, sums, seed 2: measuring 2/9 tasks")
    expect(benchActivity(progress)).toBe("tracer, sums, seed 2; single, sums, seed 2")
  })
})
