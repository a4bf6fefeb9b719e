import {
  type BenchmarkResult,
  type BenchmarkSummary,
  type BenchmarkSystem,
  type EvaluationReport,
  meanInterval,
  type RunSummary,
  type TracerEvent
} from "@tracer-sdk/core"

/** A training run, as its folder holds it. */
export interface RunRecord {
  readonly summary: RunSummary
  /** How regret went, as it was measured after each batch. */
  readonly regret: ReadonlyArray<Extract<TracerEvent, { readonly type: "regret-measured" }>>
  /** What learned besides the controllers. */
  readonly learns: BenchmarkSystem["learns"]
  readonly currency?: string
}

type Evaluated = RunSummary["systems"][number]

const dataset = "test tasks"

const nameOf = ({ when, report }: Evaluated): string => `${report.system}, ${when} learning`

const resultOf = (evaluated: Evaluated, seed: number, trainingTokens: number): BenchmarkResult => {
  const { report } = evaluated
  const { accuracy, promptTokens, completionTokens, calls, cost, reviews } = report
  return {
    system: nameOf(evaluated),
    dataset,
    seeds: [seed],
    accuracy,
    promptTokens,
    completionTokens,
    calls,
    ...(cost === undefined ? {} : { cost }),
    unparsed: report.unparsed,
    wrongToRight: report.wrongToRight,
    rightToWrong: report.rightToWrong,
    correction: report.correction,
    preservation: report.preservation,
    ...(reviews === undefined
      ? {}
      : {
          reviews: {
            precision: reviews.precision,
            recall: reviews.recall,
            balancedAccuracy: reviews.balancedAccuracy,
            unreadable: reviews.unreadable
          }
        }),
    belowChance: report.belowChance,
    bySeed: [{ seed, accuracy: accuracy.mean, tokens: promptTokens + completionTokens, calls }],
    trainingTokens: evaluated.when === "after" ? trainingTokens : 0
  }
}

/** Tokens per task of one system less those of another, over the tasks that both did. */
const tokensBetween = (a: EvaluationReport, b: EvaluationReport) => {
  const other = new Map(b.perTask.map(({ task, tokens }) => [task, tokens]))
  return meanInterval(
    a.perTask.flatMap(({ task, tokens }) => {
      const paired = other.get(task)
      return paired === undefined ? [] : [tokens - paired]
    })
  )
}

/** A training run as a benchmark of one seed: its systems before and after learning, compared with the first one before. */
export const benchmarkOfRun = ({ summary, regret, learns, currency }: RunRecord): BenchmarkSummary => {
  const { name, seed, systems, gains, learned, curve, trainingTasks, trainingTokens, equilibrium } = summary
  const trained = systems.find(({ when }) => when === "after")
  const first = systems.find(({ when }) => when === "before") ?? systems[0]
  const system = trained === undefined ? name : nameOf(trained)
  const cell = { system, dataset, seed }
  const untrained = (called: string) =>
    systems.find(({ when, report }) => when === "before" && report.system === called)
  return {
    version: 1,
    name,
    seeds: [seed],
    ...(currency === undefined ? {} : { currency }),
    datasets: [{ name: dataset, tasks: first?.report.tasks ?? 0, trainingTasks }],
    systems: systems.map((evaluated) => ({
      name: nameOf(evaluated),
      group: `${evaluated.when} learning`,
      learns: evaluated.when === "after" ? learns : "nothing",
      differs: []
    })),
    baseline: first === undefined ? "" : nameOf(first),
    results: systems.map((evaluated) => resultOf(evaluated, seed, trainingTokens ?? 0)),
    comparisons: gains.flatMap((gain) => {
      const baseline = untrained(gain.baseline)
      if (trained === undefined || baseline === undefined) return []
      return [
        {
          system,
          baseline: nameOf(baseline),
          dataset,
          accuracy: gain.difference,
          tokens: tokensBetween(trained.report, baseline.report)
        }
      ]
    }),
    curves: curve.length === 0 ? [] : [{ ...cell, points: curve }],
    regret: [...Map.groupBy(regret, ({ controller }) => controller)].map(([controller, measured]) => ({
      ...cell,
      controller,
      points: measured.map(({ batch, averageRegret, bound, visits, invariantHolds }) => ({
        batch,
        averageRegret,
        bound,
        visits,
        invariantHolds
      }))
    })),
    strategies: learned.length === 0 ? [] : [{ ...cell, states: learned }],
    equilibria:
      equilibrium === undefined
        ? []
        : [
            {
              ...cell,
              decisions: equilibrium.decisions,
              correlated: equilibrium.correlated,
              coarse: equilibrium.coarse
            }
          ],
    audits: [],
    dialogues: [],
    missing: []
  }
}
