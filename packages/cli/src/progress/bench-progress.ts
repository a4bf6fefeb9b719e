import type { BenchmarkNews } from "@tracer-sdk/core"
import { duration } from "../render/number.ts"
import { printable, shorten } from "../render/text.ts"
import { gauge } from "./progress.ts"

type Plan = Extract<BenchmarkNews, { readonly kind: "plan" }>["cells"][number]
type CellName = Extract<BenchmarkNews, { readonly kind: "cell-start" }>["cell"]
type Learns = CellName["learns"]

/** A cell that runs. */
interface Running {
  readonly cell: CellName
  readonly since: number
  readonly at?: { readonly what: "training" | "measuring"; readonly done: number; readonly of: number }
}

/** How far a benchmark has come; times are milliseconds of any one clock. */
export interface BenchProgress {
  readonly since: number
  /** Cells in all, done and given up. */
  readonly total: number
  readonly done: number
  readonly failed: number
  /** Cells that have not been begun, by what they learn. */
  readonly waiting: Readonly<Record<Learns, number>>
  /** Milliseconds that cells took, by what they learn. */
  readonly took: Readonly<Record<Learns, ReadonlyArray<number>>>
  /** The newest last. */
  readonly running: ReadonlyArray<Running>
}

const kinds: ReadonlyArray<Learns> = ["nothing", "controllers", "weights"]

/** Before the plan is known. */
export const beginBench = (now: number): BenchProgress => ({
  since: now,
  total: 0,
  done: 0,
  failed: 0,
  waiting: { nothing: 0, controllers: 0, weights: 0 },
  took: { nothing: [], controllers: [], weights: [] },
  running: []
})

const nameOf = ({ system, dataset, seed }: CellName): string => `${system}, ${dataset}, seed ${seed}`

const planned = (cells: ReadonlyArray<Plan>, now: number): BenchProgress => {
  const count = (learns: Learns) => cells.filter((cell) => !cell.done && cell.learns === learns).length
  const times = (learns: Learns) =>
    cells.flatMap((cell) =>
      cell.learns === learns && cell.seconds !== undefined ? [1000 * cell.seconds] : []
    )
  return {
    ...beginBench(now),
    total: cells.length,
    done: cells.filter((cell) => cell.done).length,
    waiting: { nothing: count("nothing"), controllers: count("controllers"), weights: count("weights") },
    took: { nothing: times("nothing"), controllers: times("controllers"), weights: times("weights") }
  }
}

/** The progress after a benchmark has told something. */
export const afterNews = (progress: BenchProgress, news: BenchmarkNews, now: number): BenchProgress => {
  if (news.kind === "plan") return planned(news.cells, now)
  const { running, waiting, took } = progress
  const name = nameOf(news.cell)
  const { learns } = news.cell
  const others = running.filter(({ cell }) => nameOf(cell) !== name)
  const held = running.find(({ cell }) => nameOf(cell) === name)
  const going = (at: NonNullable<Running["at"]>): BenchProgress => ({
    ...progress,
    running: [...others, { cell: news.cell, since: held?.since ?? now, at }]
  })
  switch (news.kind) {
    case "cell-start":
      return {
        ...progress,
        running: [...others, { cell: news.cell, since: now }],
        waiting: { ...waiting, [learns]: Math.max(0, waiting[learns] - 1) }
      }
    case "batch":
      return going({ what: "training", done: news.done, of: news.of })
    case "task": {
      const before = held?.at?.what === "measuring" ? held.at.done : 0
      return going({ what: "measuring", done: before + 1, of: news.of })
    }
    case "cell-end":
      return {
        ...progress,
        running: others,
        done: progress.done + 1,
        took: { ...took, [learns]: [...took[learns], 1000 * news.seconds] }
      }
    case "cell-failed":
      return { ...progress, running: others, failed: progress.failed + 1 }
  }
}

const mean = (values: ReadonlyArray<number>): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length

/** About how long what is left will take: a cell as long as those that learn the same, or as all others. */
const left = ({ waiting, took, running }: BenchProgress, now: number): number | undefined => {
  const overall = mean(kinds.flatMap((kind) => took[kind]))
  if (overall === undefined) return undefined
  const each = (kind: Learns) => mean(took[kind]) ?? overall
  const begun = running.map(({ cell, since }) => Math.max(0, each(cell.learns) - (now - since)))
  const work = [...kinds.map((kind) => waiting[kind] * each(kind)), ...begun]
  return work.reduce((sum, time) => sum + time, 0) / Math.max(1, running.length)
}

/** What is being done: the cells that run. */
export const benchActivity = ({ running }: BenchProgress): string =>
  running.map(({ cell }) => nameOf(cell)).join("; ")

const inWords = ({ cell, at }: Running): string =>
  at === undefined
    ? nameOf(cell)
    : `${nameOf(cell)}: ${at.what} ${at.done}/${at.of} ${at.what === "training" ? "batches" : "tasks"}`

/** One line of at most `width` cells that says how far a benchmark is, what runs, and about how long it will take. */
export const benchLine = (progress: BenchProgress, now: number, width: number): string => {
  const { total, done, failed, running, since } = progress
  const passed = duration(now - since)
  if (total === 0) return shorten(`preparing  ${passed}`, width)
  const remaining = left(progress, now)
  const latest = running.at(-1)
  return shorten(
    [
      `${gauge(done / total, 10)} ${done}/${total} cells${failed === 0 ? "" : `, ${failed} given up`}`,
      remaining === undefined ? passed : `${passed}, about ${duration(remaining)} left`,
      ...(running.length > 1 ? [`${running.length} at once`] : []),
      ...(latest === undefined ? [] : [printable(inWords(latest))])
    ].join("  "),
    width
  )
}
