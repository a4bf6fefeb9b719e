import type { BenchmarkResult, BenchmarkSummary, BenchmarkSystem } from "@tracer-sdk/core"

export type Comparison = BenchmarkSummary["comparisons"][number]

/** A dataset of the benchmark, with a name for links and files. */
export interface IndexedDataset {
  readonly name: string
  /** Lower-case letters, digits and hyphens; unique. */
  readonly slug: string
}

/** A benchmark's summary, with what sections look up in it. */
export interface BenchmarkIndex {
  readonly summary: BenchmarkSummary
  readonly datasets: ReadonlyArray<IndexedDataset>
  /** In the order of their groups, and within a group in that of the configuration. */
  readonly systems: ReadonlyArray<BenchmarkSystem>
  readonly groups: ReadonlyArray<string>
  /** `undefined` for a name that is no system's. */
  readonly system: (name: string) => BenchmarkSystem | undefined
  readonly result: (system: string, dataset: string) => BenchmarkResult | undefined
  /** What was measured on a dataset, in the order of the systems. */
  readonly results: (dataset: string) => ReadonlyArray<BenchmarkResult>
  /** With the benchmark's own baseline. */
  readonly againstBaseline: (system: string, dataset: string) => Comparison | undefined
}

/** A short name of letters that every link and every file system takes. */
const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 40) || "dataset"

/** Slugs for names, in their order; all different. */
const slugsOf = (names: ReadonlyArray<string>): ReadonlyArray<string> => {
  const taken = new Set<string>()
  return names.map((name) => {
    const slug = slugOf(name)
    let free = slug
    for (let i = 2; taken.has(free); i++) free = `${slug}-${i}`
    taken.add(free)
    return free
  })
}

/** Indexes a summary for its report. */
export const indexBenchmark = (summary: BenchmarkSummary): BenchmarkIndex => {
  const groups = [...new Set(summary.systems.map(({ group }) => group))]
  const systems = groups.flatMap((group) => summary.systems.filter((system) => system.group === group))
  const byName = new Map(systems.map((system) => [system.name, system]))
  const result = (system: string, dataset: string) =>
    summary.results.find((found) => found.system === system && found.dataset === dataset)
  const names = summary.datasets.map(({ name }) => name)
  const slugs = slugsOf(names)
  return {
    summary,
    groups,
    systems,
    datasets: names.map((name, i) => ({ name, slug: slugs[i] ?? "" })),
    system: (name) => byName.get(name),
    result,
    results: (dataset) => systems.flatMap(({ name }) => result(name, dataset) ?? []),
    againstBaseline: (system, dataset) =>
      summary.comparisons.find(
        (pair) => pair.system === system && pair.dataset === dataset && pair.baseline === summary.baseline
      )
  }
}

/** Prompt and completion together, per task. */
export const tokensOf = ({
  promptTokens,
  completionTokens
}: Pick<BenchmarkResult, "promptTokens" | "completionTokens">): number => promptTokens + completionTokens
