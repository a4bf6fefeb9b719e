import { type AnyPlugin, Audit, auditDialogues, type Episode, loadTeam, readTeamFile } from "@tracer-sdk/core"
import { Console, Effect, type Option, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { afterEpisode, measuring } from "../progress/progress.ts"
import { noScreen, showProgress, standardError } from "../progress/show-progress.ts"
import { renderAudit } from "../render/audit.ts"
import { requireTeam } from "../run-folder.ts"
import { readTestTasks } from "../task-file.ts"
import { terminalLook } from "../terminal/terminal.ts"
import * as flags from "./flags.ts"
import { handler } from "./handler.ts"
import { paragraph } from "./paragraph.ts"
import { seedOption } from "./seed-option.ts"

const tasks = flags
  .file(
    "tasks",
    "JSONL, CSV or Parquet file of tasks to play; by default the test tasks of the run's configuration"
  )
  .pipe(Flag.optional)

const anew = Flag.Boolean("anew").pipe(
  Flag.withoutNegation,
  Flag.withDescription(
    "Ask those again who would have seen something else without a turn, in place of letting them say what they said; costs model calls"
  ),
  Flag.withDefault(false)
)

const worst = Flag.Int("worst").pipe(
  Flag.withMetavar("N"),
  Flag.withDescription("Show the N turns that most deserve a look; 5 by default"),
  Flag.filter(
    (count) => count >= 0,
    (count) => `--worst has to be 0 or more, not ${count}`
  ),
  Flag.withDefault(5)
)

interface Arguments {
  readonly run: string
  readonly tasks: Option.Option<string>
  readonly limit: Option.Option<number>
  readonly dataset: Option.Option<string>
  readonly seed: Option.Option<number>
  readonly anew: boolean
  readonly worst: number
  readonly json: boolean
}

/** `tracer audit`: says who cooperates in a saved team's dialogues. */
export const auditCommand = (plugins: ReadonlyArray<AnyPlugin>) =>
  Command.make(
    "audit",
    {
      ...{ run: flags.run, tasks, limit: flags.limit, dataset: flags.dataset, seed: flags.seed },
      ...{ anew, worst, json: flags.json }
    },
    handler(
      Effect.fnUntraced(function* (given: Arguments) {
        const { style, redraws } = yield* terminalLook
        yield* requireTeam(given.run)
        const { config } = yield* readTeamFile(given.run)
        const found = yield* readTestTasks(given, config, plugins)
        const audit = yield* Effect.scoped(
          Effect.gen(function* () {
            const view = yield* showProgress(given.json ? noScreen : standardError(redraws))
            const team = yield* loadTeam(given.run, plugins)
            view.update((_, now) => measuring(config.name, found.length, now))
            const episodes: Array<Episode> = []
            yield* team.evaluate(found, {
              ...seedOption(given.seed),
              selection: "sample",
              onEpisode: (episode) => {
                episodes.push(episode)
                view.update((progress) => afterEpisode(progress, episode))
              }
            })
            const dialogues = episodes.toSorted((a, b) => a.number - b.number).map(({ dialogue }) => dialogue)
            return yield* auditDialogues(dialogues, { how: given.anew ? "anew" : "frozen" })
          })
        )
        yield* Console.log(
          given.json
            ? JSON.stringify(Schema.encodeSync(Audit)(audit), null, 2)
            : renderAudit(audit, config.name, given.worst, style)
        )
      })
    )
  ).pipe(
    Command.withShortDescription("See who cooperates in a team's dialogues, and who only appears to"),
    Command.withDescription(
      paragraph(
        "Plays tasks with a saved team and asks of every turn and every speaker what the dialogue would have come to without it: who adds to the share of right answers, which turns saved or spoilt one, who agrees without changing anything, and whose verdicts contradict their own reasons."
      )
    ),
    Command.withExamples([
      {
        command: "tracer audit --run runs/first",
        description: "On the run's own test tasks, without a further model call"
      },
      {
        command: "tracer audit --run runs/first --anew --limit 50",
        description: "Asking the others again what they would have said"
      },
      {
        command: "tracer audit --run runs/first --json > audit.json",
        description: "Every turn, for programs"
      }
    ])
  )
