import { type Interval, pairedDifference, pairedMeans, repeatedProportion } from "../evaluation/interval.ts"
import type { EvaluationReport } from "../evaluation/report.ts"
import { reviewQuality, sumVerdicts } from "../evaluation/review-quality.ts"
import type { Task } from "../task.ts"
import type { BenchmarkResult } from "./benchmark-summary.ts"

/** What a system did on a data set under one seed. */
export interface SeedReport {
  readonly seed: number
  readonly report: EvaluationReport
  readonly trainingTokens: number
}

const sum = <A>(items: ReadonlyArray<A>, value: (item: A) => number): number =>
  items.reduce((total, item) => total + value(item), 0)

const tokensOf = ({ promptTokens, completionTokens }: EvaluationReport): number =>
  promptTokens + completionTokens

const reviewsOf = (reports: ReadonlyArray<EvaluationReport>) => {
  const counts = reports.flatMap(({ reviews }) =>
    reviews === undefined
      ? []
      : [
          {
            wrongOfWrong: reviews.wrongGivenWrong.count,
            rightOfWrong: reviews.wrongGivenWrong.of - reviews.wrongGivenWrong.count,
            wrongOfRight: reviews.wrongGivenRight.count,
            rightOfRight: reviews.wrongGivenRight.of - reviews.wrongGivenRight.count,
            unreadable: reviews.unreadable
          }
        ]
  )
  const quality = reviewQuality(sumVerdicts(counts))
  if (quality === undefined) return {}
  const { precision, recall, balancedAccuracy, unreadable } = quality
  return { reviews: { precision, recall, balancedAccuracy, unreadable } }
}

const sharesOf = (reports: ReadonlyArray<EvaluationReport>): ReadonlyArray<number> => {
  const right = new Map<string, number>()
  for (const { task, correct } of reports.flatMap(({ perTask }) => perTask)) {
    right.set(task, (right.get(task) ?? 0) + (correct ? 1 : 0))
  }
  return Array.from(right.values(), (count) => count / reports.length)
}

/** What a system did over all seeds, at least one. Every seed has the same tasks. */
export const poolSeeds = (
  system: string,
  dataset: { readonly name: string; readonly test: ReadonlyArray<Task> },
  seeds: ReadonlyArray<SeedReport>
): BenchmarkResult => {
  const reports = seeds.map(({ report }) => report)
  const n = Math.max(1, reports.length)
  const mean = (value: (report: EvaluationReport) => number) => sum(reports, value) / n
  const accuracy = repeatedProportion(sharesOf(reports), reports.length)
  const costs = reports.flatMap(({ cost }) => (cost === undefined ? [] : [cost]))
  const rate = (of: (report: EvaluationReport) => { readonly count: number; readonly of: number }) => ({
    count: sum(reports, (report) => of(report).count),
    of: sum(reports, (report) => of(report).of)
  })
  const guessing =
    sum(dataset.test, ({ choices }) => (choices === undefined ? 0 : 1 / choices.length)) /
    Math.max(1, dataset.test.length)
  return {
    system,
    dataset: dataset.name,
    seeds: seeds.map(({ seed }) => seed),
    accuracy,
    promptTokens: mean(({ promptTokens }) => promptTokens),
    completionTokens: mean(({ completionTokens }) => completionTokens),
    calls: mean(({ calls }) => calls),
    ...(costs.length < reports.length ? {} : { cost: sum(costs, (cost) => cost) / n }),
    unparsed: sum(reports, ({ unparsed }) => unparsed),
    wrongToRight: sum(reports, ({ wrongToRight }) => wrongToRight),
    rightToWrong: sum(reports, ({ rightToWrong }) => rightToWrong),
    correction: rate(({ correction }) => correction),
    preservation: rate(({ preservation }) => preservation),
    ...reviewsOf(reports),
    belowChance: accuracy.mean < guessing,
    bySeed: seeds.map(({ seed, report }) => ({
      seed,
      accuracy: report.accuracy.mean,
      tokens: tokensOf(report),
      calls: report.calls
    })),
    trainingTokens: sum(seeds, ({ trainingTokens }) => trainingTokens)
  }
}

/** How two systems differ on a data set, paired by task, over the seeds that both have finished; `undefined` where there is none. */
export const compareSystems = (
  own: ReadonlyArray<SeedReport>,
  other: ReadonlyArray<SeedReport>
): { readonly accuracy: Interval; readonly tokens: Interval } | undefined => {
  const finished = new Set(other.map(({ seed }) => seed))
  const shared = new Set(own.map(({ seed }) => seed).filter((seed) => finished.has(seed)))
  if (shared.size === 0) return undefined
  const perTask = (seeds: ReadonlyArray<SeedReport>) =>
    seeds.filter(({ seed }) => shared.has(seed)).flatMap(({ report }) => report.perTask)
  const right = (seeds: ReadonlyArray<SeedReport>) =>
    perTask(seeds).map(({ task, correct }) => ({ task, value: correct ? 1 : 0 }))
  const tokens = (seeds: ReadonlyArray<SeedReport>) =>
    perTask(seeds).map(({ task, tokens: value }) => ({ task, value }))
  return {
    accuracy: pairedDifference(right(own), right(other)),
    tokens: pairedMeans(tokens(own), tokens(other))
  }
}
