import { existsSync } from "node:fs"
import {
  BenchmarkSummary,
  benchmarkFiles,
  RunSummary,
  readJsonFile,
  readTeamFile,
  runFiles,
  sqliteEventLog
} from "@tracer-sdk/core"
import { Console, Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { benchmarkOfRun } from "../report/benchmark-of-run.ts"
import { writeReport } from "../report/index.ts"
import { requireTeam } from "../run-folder.ts"
import { UsageError } from "../usage-error.ts"
import * as flags from "./flags.ts"
import { handler } from "./handler.ts"
import { paragraph } from "./paragraph.ts"

const bench = flags
  .folder("bench", "Folder of a benchmark, finished or not: the one given to bench as --out")
  .pipe(Flag.optional)

const run = flags
  .folder("run", "Folder of a finished training run: the one given to train as --out")
  .pipe(Flag.optional)

const out = flags.folder("out", "Folder for the report; by default the one it is about").pipe(Flag.optional)

interface Arguments {
  readonly bench: Option.Option<string>
  readonly run: Option.Option<string>
  readonly out: Option.Option<string>
}

const oneOf = (given: Arguments): Effect.Effect<readonly ["bench" | "run", string], UsageError> => {
  const [benchmark, training] = [Option.getOrUndefined(given.bench), Option.getOrUndefined(given.run)]
  if (benchmark !== undefined && training === undefined) return Effect.succeed(["bench", benchmark])
  if (training !== undefined && benchmark === undefined) return Effect.succeed(["run", training])
  return new UsageError({
    message: `Report on ${benchmark === undefined ? "what? Neither --bench nor --run is given." : "one thing at a time: --bench and --run are given both."}`,
    hint: "tracer report --bench DIR for a benchmark, tracer report --run DIR for a training run."
  })
}

const readBenchmark = Effect.fnUntraced(function* (directory: string) {
  const { summary } = benchmarkFiles(directory)
  if (existsSync(summary)) return yield* readJsonFile(summary, BenchmarkSummary, "a benchmark's summary")
  return yield* new UsageError({
    message: existsSync(directory)
      ? `--bench: ${directory} holds no summary of a benchmark; there is no summary.json in it.`
      : `--bench: there is no folder ${directory}.`,
    hint: "Give the folder of a benchmark, or make one: tracer bench --config FILE --out DIR"
  })
})

const readRun = Effect.fnUntraced(function* (directory: string) {
  yield* requireTeam(directory)
  const files = runFiles(directory)
  if (!existsSync(files.summary)) {
    return yield* new UsageError({
      message: `--run: the training in ${directory} is not finished; there is no summary.json yet.`,
      hint: "Go on with it by the same tracer train command, or look at it as it is: tracer inspect --run DIR"
    })
  }
  const { config } = yield* readTeamFile(directory)
  const log = existsSync(files.events) ? yield* sqliteEventLog(files.events) : undefined
  const measured = log === undefined ? [] : yield* log.read("regret-measured")
  return benchmarkOfRun({
    summary: yield* readJsonFile(files.summary, RunSummary, "a training run's summary"),
    regret: measured.flatMap((event) => (event.type === "regret-measured" ? [event] : [])),
    learns: config.learner === undefined ? "controllers" : "weights",
    ...(config.prices === undefined ? {} : { currency: config.prices.currency })
  })
}, Effect.scoped)

/** `tracer report`: writes what a benchmark or a training run found as a page and as Markdown. */
export const reportCommand = Command.make(
  "report",
  { bench, run, out },
  handler(
    Effect.fnUntraced(function* (given: Arguments) {
      const [kind, directory] = yield* oneOf(given)
      const summary = yield* kind === "bench" ? readBenchmark(directory) : readRun(directory)
      const { html, markdown } = yield* writeReport(
        summary,
        Option.getOrElse(given.out, () => directory)
      )
      yield* Console.log(`Open ${html} in a browser, or read ${markdown}.`)
    })
  )
).pipe(
  Command.withShortDescription("Write a report on a benchmark or on a training run"),
  Command.withDescription(
    paragraph(
      "Writes report.html, one page that needs no network, and report.md with its figures in report/: what was found in plain words, the table of results, accuracy against tokens, learning curves, regret against its bound, strategies, what talking mended and broke, who cooperates, and dialogues turn by turn. A benchmark that is not finished is reported as far as it is."
    )
  ),
  Command.withExamples([
    { command: "tracer report --bench runs/bench", description: "Write a benchmark's report anew" },
    { command: "tracer report --run runs/first --out reports/first", description: "Report on a training run" }
  ])
)
