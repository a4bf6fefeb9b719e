import {
  type AnyPlugin,
  BenchmarkSummary,
  createRegistry,
  readBenchmarkConfig,
  runBenchmark
} from "@tracer-sdk/core"
import { Console, Effect, Schema } from "effect"
import { Command } from "effect/cli"
import {
  afterNews,
  type BenchProgress,
  beginBench,
  benchActivity,
  benchLine
} from "../progress/bench-progress.ts"
import { type LiveView, noScreen, showLive, standardError } from "../progress/show-progress.ts"
import { renderBenchmark } from "../render/benchmark.ts"
import { counted } from "../render/number.ts"
import { commandLine } from "../render/shell.ts"
import { writeReport } from "../report/index.ts"
import { terminalLook } from "../terminal/terminal.ts"
import * as flags from "./flags.ts"
import { handler } from "./handler.ts"
import { paragraph } from "./paragraph.ts"

/** Not every cell of a benchmark could be run; what could is kept. */
export class IncompleteBenchmarkError extends Schema.TaggedError<IncompleteBenchmarkError>()(
  "IncompleteBenchmarkError",
  { message: Schema.String, hint: Schema.String }
) {}

const config = flags.file("config", "Systems, data sets, seeds and the team that all vary, as YAML or JSON")

const out = flags.folder(
  "out",
  "Folder for results and report; one with an unfinished benchmark is gone on with"
)

interface Arguments {
  readonly config: string
  readonly out: string
  readonly json: boolean
}

const sameCommand = ({ config: file, out: folder, json }: Arguments, command: string): string =>
  `${command} ${commandLine(["bench", "--config", file, "--out", folder, ...(json ? ["--json"] : [])])}`

const run = Effect.fnUntraced(function* (
  given: Arguments,
  plugins: ReadonlyArray<AnyPlugin>,
  view: LiveView<BenchProgress>
) {
  return yield* runBenchmark({
    config: yield* readBenchmarkConfig(given.config),
    registry: createRegistry(plugins),
    directory: given.out,
    onNews: (news) => {
      if (news.kind === "cell-failed") {
        const { system, dataset, seed } = news.cell
        view.say(`${system} on ${dataset} (seed ${seed}) was given up: ${news.reason}`)
      }
      view.update((progress, now) => afterNews(progress, news, now))
    }
  })
})

/** `tracer bench`: compares systems on data sets under seeds, and writes a report. */
export const benchCommand = (plugins: ReadonlyArray<AnyPlugin>) =>
  Command.make(
    "bench",
    { config, out, json: flags.json },
    handler(
      Effect.fnUntraced(function* (given: Arguments) {
        const { style, redraws, command } = yield* terminalLook
        const screen = given.json ? noScreen : standardError(redraws)
        const again = sameCommand(given, command)
        const summary = yield* Effect.scoped(
          Effect.gen(function* () {
            const view = yield* showLive(screen, {
              begin: beginBench,
              line: benchLine,
              activity: benchActivity
            })
            return yield* Effect.onInterrupt(run(given, plugins, view), () =>
              Effect.sync(() => {
                const { done, total } = view.current()
                view.say(
                  `Stopped after ${done} of ${counted(total, "cell")}. What was done is kept. Go on with the same command:\n  ${again}`
                )
              })
            )
          })
        )
        const files = yield* writeReport(summary, given.out)
        yield* given.json
          ? Console.log(JSON.stringify(Schema.encodeSync(BenchmarkSummary)(summary), null, 2))
          : Console.log(
              `${renderBenchmark(summary, style)}\n\n${style.strong("Report")}\n  ${files.html}\n  ${files.markdown}`
            )
        if (summary.missing.length === 0) return
        return yield* new IncompleteBenchmarkError({
          message: `${counted(summary.missing.length, "cell")} of the benchmark could not be run.`,
          hint: `Mend what the reasons name, or raise the budget, and go on: ${again}`
        })
      })
    )
  ).pipe(
    Command.withShortDescription("Compare systems on data sets, under several seeds"),
    Command.withDescription(
      paragraph(
        "Runs every system of a configuration on every data set under every seed, training those that learn, and writes summary.json and a report (report.html, report.md) with paired differences and their intervals. Ctrl-C stops it; the same command goes on where it stopped, with the same result. Exit code 1 where cells are missing."
      )
    ),
    Command.withExamples([
      {
        command: "tracer bench --config bench.yaml --out runs/bench",
        description: "Compare, with everything kept in runs/bench"
      }
    ])
  )
