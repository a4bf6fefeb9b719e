import type { BenchmarkResult, BenchmarkSystem, Interval } from "@tracer-sdk/core"
import { type BenchmarkIndex, type Comparison, tokensOf } from "./benchmark-index.ts"
import { efficientFrontier } from "./frontier.ts"
import { reversed } from "./verdict.ts"

/** How much more accurate one system was than another. */
export interface PairFinding {
  readonly system: string
  readonly against: string
  readonly difference: Interval
}

/** What learning gave one system. */
export interface LearningFinding extends PairFinding {
  /** Whether the configuration pairs the two, and not only because one is everyone's baseline. */
  readonly counterpart: boolean
}

/** What a benchmark found on one dataset, before it is put into words. */
export interface Findings {
  readonly dataset: string
  readonly measured: number
  /** The most accurate; several where they are equal. */
  readonly best: ReadonlyArray<BenchmarkResult>
  /** Others whose intervals overlap with that of the best. */
  readonly overlapping: ReadonlyArray<string>
  readonly baseline: BenchmarkResult | undefined
  readonly comparisons: ReadonlyArray<Comparison>
  readonly learners: number
  readonly learning: ReadonlyArray<LearningFinding>
  /** Systems and counterparts that learn as much: ablations, for one. */
  readonly changed: ReadonlyArray<PairFinding>
  readonly frontier: ReadonlyArray<BenchmarkResult>
  /** Systems whose dialogues turned answers around, those that mended most on balance first. */
  readonly turned: ReadonlyArray<BenchmarkResult>
  readonly belowChance: ReadonlyArray<string>
}

type Learns = BenchmarkSystem["learns"]

const ranks: Readonly<Record<Learns, number>> = { nothing: 0, controllers: 1, weights: 2 }

const rankOf = ({ system }: BenchmarkIndex, name: string): number => ranks[system(name)?.learns ?? "nothing"]

/** Whether the configuration pairs the two, and not only because one is everyone's baseline. */
const areCounterparts = ({ summary, system }: BenchmarkIndex, pair: Comparison): boolean =>
  pair.baseline !== summary.baseline || system(pair.system)?.against?.includes(pair.baseline) === true

/** Pairs made by the configuration of which both learn as much. */
const changedOf = (benchmark: BenchmarkIndex, dataset: string): ReadonlyArray<PairFinding> =>
  benchmark.summary.comparisons
    .filter(
      (pair) =>
        pair.dataset === dataset &&
        areCounterparts(benchmark, pair) &&
        rankOf(benchmark, pair.system) === rankOf(benchmark, pair.baseline)
    )
    .map(({ system, baseline, accuracy }) => ({ system, against: baseline, difference: accuracy }))

/** Pairs of which one learned more than the other, seen from the one that did; with the baseline only those without a counterpart. */
const learningOf = (
  benchmark: BenchmarkIndex,
  dataset: string,
  changed: ReadonlyArray<PairFinding>
): ReadonlyArray<LearningFinding> => {
  const rank = (name: string) => rankOf(benchmark, name)
  const found = benchmark.summary.comparisons
    .filter((pair) => pair.dataset === dataset && rank(pair.system) !== rank(pair.baseline))
    .flatMap((pair): ReadonlyArray<LearningFinding> => {
      const more = rank(pair.system) > rank(pair.baseline)
      const counterpart = areCounterparts(benchmark, pair)
      // That the baseline learns says nothing of what the others would gain by it.
      if (!more && !counterpart) return []
      const [learned, against] = more ? [pair.system, pair.baseline] : [pair.baseline, pair.system]
      return [
        {
          system: learned,
          against,
          counterpart,
          difference: more ? pair.accuracy : reversed(pair.accuracy)
        }
      ]
    })
  const paired = new Set(
    [...found.filter(({ counterpart }) => counterpart), ...changed].map(({ system }) => system)
  )
  return found.filter((finding) => finding.counterpart || !paired.has(finding.system))
}

/** Everything that the report's first lines say about a dataset. */
export const findingsOf = (benchmark: BenchmarkIndex, dataset: string): Findings => {
  const { summary, system } = benchmark
  const results = benchmark.results(dataset)
  const highest = Math.max(...results.map(({ accuracy }) => accuracy.mean))
  const best = results.filter(({ accuracy }) => accuracy.mean === highest)
  const changed = changedOf(benchmark, dataset)
  const lowEnd = Math.min(...best.map(({ accuracy }) => accuracy.low))
  return {
    dataset,
    measured: results.length,
    best,
    overlapping: results
      .filter((result) => !best.includes(result) && result.accuracy.high >= lowEnd)
      .map((result) => result.system),
    baseline: benchmark.result(summary.baseline, dataset),
    comparisons: results.flatMap((result) => benchmark.againstBaseline(result.system, dataset) ?? []),
    learners: results.filter((result) => (system(result.system)?.learns ?? "nothing") !== "nothing").length,
    learning: learningOf(benchmark, dataset, changed),
    changed,
    frontier: efficientFrontier(results, tokensOf, ({ accuracy }) => accuracy.mean),
    turned: results
      .filter(({ wrongToRight, rightToWrong }) => wrongToRight + rightToWrong > 0)
      .toSorted((a, b) => b.wrongToRight - b.rightToWrong - (a.wrongToRight - a.rightToWrong)),
    belowChance: results.filter((result) => result.belowChance).map((result) => result.system)
  }
}
