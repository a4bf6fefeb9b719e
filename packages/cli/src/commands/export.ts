import { existsSync } from "node:fs"
import { extname } from "node:path"
import {
  type AnyPlugin,
  type CreditedTurn,
  type ExportFileKind,
  type ExportLayout,
  exportLayouts,
  layOutTurns,
  loadTeam,
  loggedTurns,
  playedTurns,
  readTeamFile,
  runFiles,
  sqliteEventLog,
  writeTable
} from "@tracer-sdk/core"
import { Console, Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { measuring } from "../progress/progress.ts"
import { showProgress, standardError } from "../progress/show-progress.ts"
import { counted } from "../render/number.ts"
import { requireTeam } from "../run-folder.ts"
import { readTaskFile } from "../task-file.ts"
import { terminalLook } from "../terminal/terminal.ts"
import { UsageError } from "../usage-error.ts"
import * as flags from "./flags.ts"
import { handler } from "./handler.ts"
import { paragraph } from "./paragraph.ts"
import { seedOption } from "./seed-option.ts"

const format = Flag.Literals("format", exportLayouts).pipe(
  Flag.withDescription(
    "prompt-completion with rewards, preference pairs, unpaired-preference with labels, or stepwise dialogues with a label for each turn"
  )
)

const out = flags.file("out", "File to write; .jsonl or .parquet decides which of the two it is")

const tasks = flags
  .file(
    "tasks",
    "JSONL, CSV or Parquet file of tasks to play and credit; by default the run's own log is exported"
  )
  .pipe(Flag.optional)

const minCredit = Flag.Finite("min-credit").pipe(
  Flag.withMetavar("X"),
  Flag.withDescription(
    "The least credit of a completion that is kept, chosen, or labelled good (by default: all, all, and more than 0)"
  ),
  Flag.optional
)

const margin = Flag.Finite("margin").pipe(
  Flag.withMetavar("X"),
  Flag.withDescription("How much more the chosen one of a pair has to have earned than the rejected one"),
  Flag.filter(
    (value) => value >= 0,
    (value) => `--margin has to be 0 or more, not ${value}`
  ),
  Flag.withDefault(0)
)

const allPairs = Flag.Boolean("all-pairs").pipe(
  Flag.withoutNegation,
  Flag.withDescription("Every pair of a group that differs enough, in place of its best and its worst alone"),
  Flag.withDefault(false)
)

const only = (name: "agent" | "role") =>
  Flag.String(name).pipe(
    Flag.withMetavar("NAME"),
    Flag.withDescription(`Only what this ${name} said`),
    Flag.optional
  )

interface Arguments {
  readonly run: string
  readonly format: ExportLayout
  readonly out: string
  readonly tasks: Option.Option<string>
  readonly limit: Option.Option<number>
  readonly dataset: Option.Option<string>
  readonly seed: Option.Option<number>
  readonly minCredit: Option.Option<number>
  readonly margin: number
  readonly allPairs: boolean
  readonly agent: Option.Option<string>
  readonly role: Option.Option<string>
}

const kinds: Readonly<Record<string, ExportFileKind>> = { ".jsonl": "jsonl", ".parquet": "parquet" }

const kindOf = (file: string): Effect.Effect<ExportFileKind, UsageError> => {
  const kind = kinds[extname(file).toLowerCase()]
  return kind === undefined
    ? new UsageError({
        message: `--out: ${file} ends neither in .jsonl nor in .parquet.`,
        hint: "Name the file by what it is to hold: JSON lines or Parquet."
      })
    : Effect.succeed(kind)
}

const isGiven = (option: Option.Option<unknown>): boolean => Option.isSome(option)

/** Refuses flags that would change nothing. */
const requireUse = ({
  tasks: file,
  format: layout,
  ...given
}: Arguments): Effect.Effect<void, UsageError> => {
  const ofTasks = (["limit", "dataset", "seed"] as const).find((name) => isGiven(given[name]))
  if (Option.isNone(file) && ofTasks !== undefined) {
    return new UsageError({
      message: `--${ofTasks} is about dialogues that are played, but the run's own log is to be exported.`,
      hint: "Leave it out, or name tasks to play with --tasks FILE."
    })
  }
  const ofPairs = given.allPairs ? "all-pairs" : given.margin > 0 ? "margin" : undefined
  if (layout !== "preference" && ofPairs !== undefined) {
    return new UsageError({
      message: `--${ofPairs} is about pairs, and ${layout} has none.`,
      hint: "Leave it out, or ask for --format preference."
    })
  }
  return Effect.void
}

/** The names that turns go by, for who asked for others. */
const namesIn = (turns: ReadonlyArray<CreditedTurn>, by: "agent" | "role"): string =>
  [...new Set(turns.map((turn) => turn[by]))].join(", ")

const readLog = Effect.fnUntraced(function* ({ run, format }: Arguments) {
  const { events } = runFiles(run)
  const play = "Play dialogues for it: tracer export --tasks FILE ..."
  if (!existsSync(events)) {
    return yield* new UsageError({
      message: `--run: ${run} has no log of a training run to export from.`,
      hint: play
    })
  }
  const turns = yield* loggedTurns(yield* sqliteEventLog(events))
  if (turns.length === 0) {
    return yield* new UsageError({
      message: `--run: the log of ${run} holds no credited turns: its training drew no groups of utterances.`,
      hint: `Train with a learner, or with training.forkSamples of 2 or more. ${play}`
    })
  }
  if (format !== "stepwise" && turns.every(({ prompt }) => prompt === undefined)) {
    return yield* new UsageError({
      message: `--run: the log of ${run} does not say what the models were asked; an earlier release wrote it.`,
      hint: `Export it as stepwise, or train again. ${play}`
    })
  }
  return turns
}, Effect.scoped)

const playTasks = Effect.fnUntraced(function* (
  given: Arguments,
  file: string,
  plugins: ReadonlyArray<AnyPlugin>
) {
  const { config } = yield* readTeamFile(given.run)
  const found = yield* readTaskFile({ ...given, tasks: file }, config)
  const { redraws } = yield* terminalLook
  const view = yield* showProgress(standardError(redraws))
  const team = yield* loadTeam(given.run, plugins)
  view.update((_, now) => measuring(config.name, found.length, now))
  const turns = yield* playedTurns(team.assembly, found, {
    ...seedOption(given.seed),
    onProgress: (done) => view.update((progress) => ({ ...progress, done }))
  })
  if (turns.length > 0) return turns
  return yield* new UsageError({
    message: `--run: the dialogues that ${given.run} plays have no credited turns: their turns draw no groups of utterances, or none to be learned from.`,
    hint: "Train with training.groupSize of 2 or more; with a judge, allow it more calls (credit.maxCalls)."
  })
}, Effect.scoped)

/** `tracer export`: writes credited turns for trainers elsewhere. */
export const exportCommand = (plugins: ReadonlyArray<AnyPlugin>) =>
  Command.make(
    "export",
    {
      ...{ run: flags.run, format, out, tasks, limit: flags.limit, dataset: flags.dataset, seed: flags.seed },
      ...{ minCredit, margin, allPairs, agent: only("agent"), role: only("role") }
    },
    handler(
      Effect.fnUntraced(function* (given: Arguments) {
        yield* requireUse(given)
        yield* requireTeam(given.run)
        const kind = yield* kindOf(given.out)
        const turns = yield* Option.match(given.tasks, {
          onNone: () => readLog(given),
          onSome: (file) => playTasks(given, file, plugins)
        })
        const table = layOutTurns(turns, given.format, {
          margin: given.margin,
          pairs: given.allPairs ? "all" : "best",
          ...Option.match(given.minCredit, { onNone: () => ({}), onSome: (minCredit) => ({ minCredit }) }),
          ...Option.match(given.agent, { onNone: () => ({}), onSome: (agent) => ({ agent }) }),
          ...Option.match(given.role, { onNone: () => ({}), onSome: (role) => ({ role }) })
        })
        if (table.rows.length === 0) {
          return yield* new UsageError({
            message: `Of ${counted(turns.length, "credited turn")} there is nothing to write as ${given.format}: they are of the agents ${namesIn(turns, "agent")} and the roles ${namesIn(turns, "role")}.`,
            hint: "Ask for less: leave out --role, --agent, --min-credit or --margin."
          })
        }
        yield* writeTable(given.out, kind, table)
        yield* Console.log(
          `${given.out}: ${counted(table.rows.length, "row")} of ${given.format}, from ${counted(turns.length, "credited turn")}.`
        )
      })
    )
  ).pipe(
    Command.withShortDescription("Write what turns earned, for trainers elsewhere"),
    Command.withDescription(
      paragraph(
        "Writes the credited turns of a training run, or of dialogues that are played for it, as JSONL or Parquet in the layouts of TRL: to fine-tune on the best, to prefer the better of two, or to train reward models on whole answers or turn by turn."
      )
    ),
    Command.withExamples([
      {
        command: "tracer export --run runs/first --format preference --margin 0.5 --out pairs.parquet",
        description: "Pairs to prefer, from what the run has logged"
      },
      {
        command:
          "tracer export --run runs/first --format prompt-completion --min-credit 0.5 --role proposer --out good.jsonl",
        description: "Good proposals alone"
      },
      {
        command: "tracer export --run runs/first --tasks train.jsonl --format stepwise --out steps.parquet",
        description: "Dialogues played by the learned team, with a label for each turn"
      }
    ])
  )
