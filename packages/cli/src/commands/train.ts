import {
  type AnyPlugin,
  createRegistry,
  RunSummary,
  readTeamConfig,
  readTeamFile,
  trainRun
} from "@tracer-sdk/core"
import { Console, Effect, Option, Schema } from "effect"
import { Command } from "effect/cli"
import { afterEpisode, afterEvent, afterPhase, type Progress } from "../progress/progress.ts"
import { noScreen, type ProgressView, showProgress, standardError } from "../progress/show-progress.ts"
import { commandLine } from "../render/shell.ts"
import { renderSummary } from "../render/summary.ts"
import { listRun } from "../run-folder.ts"
import { terminalLook } from "../terminal/terminal.ts"
import * as flags from "./flags.ts"
import { handler } from "./handler.ts"
import { paragraph } from "./paragraph.ts"

const config = flags.file("config", "The team, its tasks and how it learns, as YAML or JSON")

const out = flags.folder(
  "out",
  "Folder for everything the run leaves; one with an unfinished run is gone on with"
)

interface Arguments {
  readonly config: string
  readonly out: string
  readonly seed: Option.Option<number>
  readonly json: boolean
}

const sameCommand = (given: Arguments, command: string): string =>
  `${command} ${commandLine([
    ...["train", "--config", given.config, "--out", given.out],
    ...Option.match(given.seed, { onNone: () => [], onSome: (seed) => ["--seed", String(seed)] }),
    ...(given.json ? ["--json"] : [])
  ])}`

/** How many batches the folder holds: one less than were played, where the stop came before the checkpoint. */
const batchesKept = ({ out }: Arguments): Effect.Effect<number> =>
  Effect.map(Effect.option(readTeamFile(out)), (team) =>
    Option.match(team, { onNone: () => 0, onSome: ({ progress }) => progress?.batchesDone ?? 0 })
  )

const whenStopped = (
  { activity, unit, total }: Progress,
  kept: number,
  given: Arguments,
  command: string
): string =>
  [
    unit === "batches"
      ? `Stopped in training after batch ${kept} of ${total}.`
      : `Stopped while ${activity}.`,
    "What was done is kept. Go on with the same command:",
    `  ${sameCommand(given, command)}`
  ].join("\n")

const train = Effect.fnUntraced(function* (
  given: Arguments,
  plugins: ReadonlyArray<AnyPlugin>,
  view: ProgressView
) {
  const written = yield* readTeamConfig(given.config)
  return yield* trainRun({
    config: { ...written, seed: Option.getOrElse(given.seed, () => written.seed) },
    registry: createRegistry(plugins),
    directory: given.out,
    onEvent: (event) => view.update((progress) => afterEvent(progress, event)),
    onEvaluated: (episode) => view.update((progress) => afterEpisode(progress, episode)),
    onPhase: (phase) => {
      if (phase.kind === "resume") {
        view.say(
          `Going on with the run in ${given.out}: ${phase.batchesDone} of ${phase.batches} batches are done.`
        )
      }
      view.update((progress, now) => afterPhase(progress, phase, now))
    }
  })
})

/** `tracer train`: trains a team, or goes on with a run that was stopped, and shows what came of it. */
export const trainCommand = (plugins: ReadonlyArray<AnyPlugin>) =>
  Command.make(
    "train",
    { config, out, seed: flags.seed, json: flags.json },
    handler(
      Effect.fnUntraced(function* (given: Arguments) {
        const { style, redraws, command } = yield* terminalLook
        const screen = given.json ? noScreen : standardError(redraws)
        const summary = yield* Effect.scoped(
          Effect.gen(function* () {
            const view = yield* showProgress(screen)
            return yield* Effect.onInterrupt(train(given, plugins, view), () =>
              Effect.map(batchesKept(given), (kept) =>
                view.say(whenStopped(view.current(), kept, given, command))
              )
            )
          })
        )
        if (given.json) {
          return yield* Console.log(JSON.stringify(Schema.encodeSync(RunSummary)(summary), null, 2))
        }
        const files = yield* listRun(given.out)
        yield* Console.log(renderSummary(summary, { style, place: { directory: given.out, command, files } }))
      })
    )
  ).pipe(
    Command.withShortDescription("Let a team learn, and see what it learned"),
    Command.withDescription(
      paragraph(
        "Trains a team: measures the systems that the configuration names, lets controllers learn when to speak and, where there is a learner, language models what to say, and measures again. Ctrl-C stops it; the same command goes on from the last batch, with the same result as if it had never been stopped."
      )
    ),
    Command.withExamples([
      {
        command: "tracer train --config team.yaml --out runs/first",
        description: "Train, with everything kept in runs/first"
      },
      {
        command: "tracer train --config team.yaml --out runs/second --seed 2",
        description: "The same with other random draws"
      },
      {
        command: "tracer train --config team.yaml --out runs/first --json > result.json",
        description: "For a program: silent, with the summary as JSON"
      }
    ])
  )
