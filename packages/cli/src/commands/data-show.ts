import { existsSync } from "node:fs"
import { datasets, loadDataset, readTasks, TaskFields } from "@tracer-sdk/core"
import { Console, Effect, Option, Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { renderTasks } from "../render/data.ts"
import { terminalLook } from "../terminal/terminal.ts"
import { UsageError } from "../usage-error.ts"
import { cache, known, type Place, placeOf, split } from "./data-place.ts"
import * as flags from "./flags.ts"
import { handler } from "./handler.ts"
import { paragraph } from "./paragraph.ts"

const count = Flag.Int("count").pipe(
  Flag.withMetavar("N"),
  Flag.withDescription("How many tasks to show; 3 by default"),
  Flag.filter(
    (asked) => asked >= 1,
    (asked) => `--count has to be 1 or more, not ${asked}`
  ),
  Flag.withDefault(3)
)

const dataset = Flag.String("dataset").pipe(
  Flag.withMetavar("NAME"),
  Flag.withDescription(
    "Of a file: the data set that says how answers are read, as in math; by default what its rows tell"
  ),
  Flag.optional
)

const field = Flag.KeyValuePair("field").pipe(
  Flag.withMetavar("PART=COLUMN"),
  Flag.withDescription(
    "Of a file: which column holds the question, answer, id, choices or answerIndex; once for each, choices with commas between columns"
  ),
  Flag.optional
)

interface ShowArguments extends Place {
  readonly what: string
  readonly dataset: Option.Option<string>
  readonly field: Option.Option<Readonly<Record<string, string>>>
  readonly count: number
  readonly json: boolean
}

const decodeFields = Schema.decodeUnknownEffect(TaskFields, { onExcessProperty: "error" })

/** The columns as `fields` of a configuration has them. */
const fieldsOf = (given: Readonly<Record<string, string>>): Effect.Effect<TaskFields, UsageError> => {
  const { choices } = given
  const named = choices?.includes(",")
    ? { ...given, choices: choices.split(",").map((name) => name.trim()) }
    : given
  return decodeFields(named).pipe(
    Effect.mapError(
      () =>
        new UsageError({
          message: `--field: ${Object.keys(given).join(", ")} are not all parts of a task.`,
          hint: "The parts are question, answer, id, choices (one column, or 2 to 10) and answerIndex: --field question=Exercise"
        })
    )
  )
}

const readFile = Effect.fnUntraced(function* (asked: ShowArguments) {
  if (Option.isSome(asked.split) || Option.isSome(asked.cache)) {
    return yield* new UsageError({
      message: `--split and --cache are about data sets that are known by name; ${asked.what} is a file.`,
      hint: "Leave them out."
    })
  }
  const fields = yield* fieldsOf(Option.getOrElse(asked.field, () => ({})))
  return yield* readTasks(asked.what, {
    fields,
    ...Option.match(asked.dataset, { onNone: () => ({}), onSome: (name) => ({ dataset: name }) })
  })
})

const readKnown = Effect.fnUntraced(function* (asked: ShowArguments) {
  if (Option.isSome(asked.dataset) || Option.isSome(asked.field)) {
    return yield* new UsageError({
      message: `--dataset and --field are about files; how ${asked.what} is read is known.`,
      hint: "Leave them out, or give the path of a file."
    })
  }
  return yield* loadDataset(asked.what, placeOf(asked))
})

const show = Effect.fnUntraced(function* (asked: ShowArguments) {
  const { style } = yield* terminalLook
  const isKnown = datasets.some(({ name }) => name === asked.what)
  if (!isKnown && !existsSync(asked.what)) {
    return yield* new UsageError({
      message: `${asked.what} is neither a data set that is known by name nor a file.`,
      hint: `Name one of ${known}, or give the path of a JSONL, CSV or Parquet file.`
    })
  }
  const tasks = yield* isKnown ? readKnown(asked) : readFile(asked)
  const first = tasks.slice(0, asked.count)
  yield* Console.log(asked.json ? JSON.stringify(first, null, 2) : renderTasks(first, tasks.length, style))
})

/** `tracer data show`: the first tasks of a data set or file, as models and their grader see them. */
export const showCommand = Command.make(
  "show",
  {
    what: Argument.String("what").pipe(
      Argument.withDescription(`A data set (${known}), or a JSONL, CSV or Parquet file`)
    ),
    split,
    cache,
    dataset,
    field,
    count,
    json: flags.json
  },
  handler(show)
).pipe(
  Command.withShortDescription("Look at the first tasks of a data set or file"),
  Command.withDescription(
    paragraph(
      "Prints the first tasks of a data set that was fetched, or of a file: the question, the choices in the order in which they are shown to models, and what the grader makes of the gold answer."
    )
  ),
  Command.withExamples([
    { command: "tracer data show gsm8k --split test", description: "Three problems of GSM8K" },
    { command: "tracer data show my-tasks.csv --count 1", description: "A file of your own" },
    {
      command: "tracer data show exam.csv --dataset math --field question=Exercise --field answer=Solution",
      description: "A file with columns of other names, graded as MATH"
    }
  ])
)
