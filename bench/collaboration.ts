/** The main job under three seeds: what learning is worth on held-out problems, paired by problem. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { bundledPlugins } from "@tracer-sdk/cli"
import {
  createRegistry,
  type EvaluatedSystem,
  pairedDifference,
  type RunSummary,
  readTeamConfig,
  trainRun
} from "@tracer-sdk/core"
import { Effect } from "effect"

const seeds = [1, 2, 3]
const file = join(import.meta.dirname, "../examples/configs/nano.yaml")
const registry = createRegistry(bundledPlugins)

const points = (share: number): string => `${share >= 0 ? "+" : ""}${(100 * share).toFixed(1)}`

const summaries: Array<RunSummary> = []
for (const seed of seeds) {
  const directory = mkdtempSync(join(tmpdir(), "tracer-collaboration-"))
  const start = performance.now()
  try {
    const run = Effect.gen(function* () {
      const config = yield* readTeamConfig(file)
      return yield* trainRun({ config: { ...config, seed }, registry, directory })
    })
    summaries.push(await Effect.runPromise(run))
    console.log(`seed ${seed}: ${((performance.now() - start) / 1000).toFixed(0)} s`)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

const label = ({ when, report }: EvaluatedSystem): string => `${report.system}, ${when} learning`
const labels = summaries[0]?.systems.map(label) ?? []
const under = (name: string): ReadonlyArray<EvaluatedSystem> =>
  summaries.flatMap(({ systems }) => systems.filter((system) => label(system) === name))
const mean = (name: string, value: (system: EvaluatedSystem) => number): number =>
  under(name).reduce((sum, system) => sum + value(system), 0) / under(name).length
const scores = (name: string, value: (task: { correct: boolean; tokens: number }) => number) =>
  under(name).flatMap(({ report }) => report.perTask.map((task) => ({ task: task.task, value: value(task) })))

console.log(`\n${seeds.length} seeds, ${summaries[0]?.systems[0]?.report.tasks} held-out problems each`)
for (const name of labels) {
  const accuracy = mean(name, ({ report }) => report.accuracy.mean)
  const tokens = mean(name, ({ report }) => report.promptTokens + report.completionTokens)
  const calls = mean(name, ({ report }) => report.calls)
  console.log(
    `${name.padEnd(42)} ${(100 * accuracy).toFixed(1)}%  ${tokens.toFixed(1)} tokens  ${calls.toFixed(2)} calls per task`
  )
}
const [trained = ""] = labels.filter((name) => name.endsWith("after learning"))
console.log(`\n${trained}, less`)
for (const name of labels.filter((other) => other !== trained)) {
  const {
    mean: gain,
    low,
    high
  } = pairedDifference(
    scores(trained, ({ correct }) => (correct ? 1 : 0)),
    scores(name, ({ correct }) => (correct ? 1 : 0))
  )
  console.log(`  ${name.padEnd(40)} ${points(gain)} points (${points(low)} to ${points(high)})`)
}
process.exit(0)
