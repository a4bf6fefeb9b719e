import { type AnyPlugin, EvaluationReport, loadTeam, readTeamFile } from "@tracer-sdk/core"
import { Console, Effect, type Option, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { afterEpisode, measuring } from "../progress/progress.ts"
import { noScreen, showProgress, standardError } from "../progress/show-progress.ts"
import { renderEvaluation } from "../render/evaluation.ts"
import { requireTeam } from "../run-folder.ts"
import { readTaskFile } from "../task-file.ts"
import { terminalLook } from "../terminal/terminal.ts"
import * as flags from "./flags.ts"
import { handler } from "./handler.ts"
import { paragraph } from "./paragraph.ts"
import { seedOption } from "./seed-option.ts"

const tasks = flags.file(
  "tasks",
  'JSONL, CSV or Parquet file with "question" and "answer"; GSM8K\'s own format is one'
)

const greedy = Flag.Boolean("greedy").pipe(
  Flag.withoutNegation,
  Flag.withDescription("Play the likeliest action of each learned strategy, in place of a sampled one"),
  Flag.withDefault(false)
)

interface Arguments {
  readonly run: string
  readonly tasks: string
  readonly limit: Option.Option<number>
  readonly dataset: Option.Option<string>
  readonly seed: Option.Option<number>
  readonly greedy: boolean
  readonly json: boolean
}

/** `tracer eval`: measures a saved team on a file of tasks. */
export const evalCommand = (plugins: ReadonlyArray<AnyPlugin>) =>
  Command.make(
    "eval",
    {
      run: flags.run,
      tasks,
      limit: flags.limit,
      dataset: flags.dataset,
      seed: flags.seed,
      greedy,
      json: flags.json
    },
    handler(
      Effect.fnUntraced(function* (given: Arguments) {
        const { style, redraws } = yield* terminalLook
        yield* requireTeam(given.run)
        const found = yield* readTaskFile(given, (yield* readTeamFile(given.run)).config)
        const { report, currency } = yield* Effect.scoped(
          Effect.gen(function* () {
            const view = yield* showProgress(given.json ? noScreen : standardError(redraws))
            const team = yield* loadTeam(given.run, plugins)
            view.update((_, now) => measuring(team.config.name, found.length, now))
            const report = yield* team.evaluate(found, {
              ...seedOption(given.seed),
              selection: given.greedy ? "greedy" : "sample",
              onEpisode: (episode) => view.update((progress) => afterEpisode(progress, episode))
            })
            return { report, currency: team.config.prices?.currency }
          })
        )
        yield* Console.log(
          given.json
            ? JSON.stringify(Schema.encodeSync(EvaluationReport)(report), null, 2)
            : renderEvaluation(report, style, currency)
        )
      })
    )
  ).pipe(
    Command.withShortDescription("Measure a saved team on tasks of yours"),
    Command.withDescription(
      paragraph(
        "Measures a saved team on a file of tasks: accuracy with its 95% interval, tokens and calls per task, what the dialogue mended and what it broke, and how often each agent spoke in which state."
      )
    ),
    Command.withExamples([
      {
        command: "tracer eval --run runs/first --tasks test.jsonl",
        description: "Measure on every task of a file"
      },
      {
        command: "tracer eval --run runs/first --tasks test.jsonl --limit 100 --greedy",
        description: "The first 100 tasks, always with the likeliest action"
      }
    ])
  )
