import { existsSync } from "node:fs"
import {
  type DownloadProgress,
  datasetFolder,
  datasets,
  fetchDataset,
  findCached,
  loadDataset,
  readTasks
} from "@tracer-sdk/core"
import { Console, Effect, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { eraseLine, noScreen, type ProgressScreen, standardError } from "../progress/show-progress.ts"
import {
  type KnownSplit,
  renderDatasets,
  renderDownload,
  renderFetched,
  renderTasks
} from "../render/data.ts"
import { terminalLook } from "../terminal/terminal.ts"
import { UsageError } from "../usage-error.ts"
import * as flags from "./flags.ts"
import { handler } from "./handler.ts"
import { paragraph } from "./paragraph.ts"

const known = datasets.map(({ name }) => name).join(", ")

const name = Argument.String("name").pipe(Argument.withDescription(`The data set: ${known}`))

const split = Flag.String("split").pipe(
  Flag.withMetavar("SPLIT"),
  Flag.withDescription("Which of its files, as in test; need not be said where there is only one"),
  Flag.optional
)

const cache = flags
  .folder(
    "cache",
    "Folder of fetched data sets; by default datasets in TRACER_CACHE, else tracer/datasets in XDG_CACHE_HOME or ~/.cache"
  )
  .pipe(Flag.optional)

const from = Flag.String("from").pipe(
  Flag.withMetavar("URL|FILE"),
  Flag.withDescription(
    "Another address, or a file that you have already; the publisher's address by default"
  ),
  Flag.optional
)

const sha256 = Flag.String("sha256").pipe(
  Flag.withMetavar("HEX"),
  Flag.withDescription(
    "What the file has to be; by default the publisher's where it is known, else what came the first time"
  ),
  Flag.optional
)

const again = Flag.Boolean("again").pipe(
  Flag.withoutNegation,
  Flag.withDescription("Fetch it even where it is there already"),
  Flag.withDefault(false)
)

const count = Flag.Int("count").pipe(
  Flag.withMetavar("N"),
  Flag.withDescription("How many tasks to show; 3 by default"),
  Flag.withDefault(3)
)

interface Place {
  readonly split: Option.Option<string>
  readonly cache: Option.Option<string>
}

/** Which split, and in which folder, as far as the flags say. */
const placeOf = (asked: Place) => ({
  ...Option.match(asked.split, { onNone: () => ({}), onSome: (part) => ({ split: part }) }),
  ...Option.match(asked.cache, { onNone: () => ({}), onSome: (folder) => ({ cache: folder }) })
})

/** Draws how far a download is, a few times a second, and wipes it out in the end; elsewhere than on a terminal, only that it began. */
const drawing = Effect.fnUntraced(function* (screen: ProgressScreen, what: string) {
  if (screen.redraws) yield* Effect.addFinalizer(() => Effect.sync(() => screen.write(eraseLine)))
  let drawnAt = 0
  return (progress: DownloadProgress) => {
    if (!screen.redraws) {
      if (drawnAt === 0) screen.write(`${renderDownload(what, progress, screen.width())}\n`)
      drawnAt = 1
      return
    }
    const now = performance.now()
    if (now - drawnAt < 100 && progress.received !== progress.total) return
    drawnAt = now
    screen.write(`${eraseLine}${renderDownload(what, progress, screen.width())}`)
  }
})

interface FetchArguments extends Place {
  readonly name: string
  readonly from: Option.Option<string>
  readonly sha256: Option.Option<string>
  readonly again: boolean
  readonly json: boolean
}

const fetch = Effect.fnUntraced(function* (asked: FetchArguments) {
  const { style, redraws } = yield* terminalLook
  if (Option.isSome(asked.sha256) && !/^[0-9a-f]{64}$/i.test(asked.sha256.value)) {
    return yield* new UsageError({
      message: "--sha256: this is no SHA-256 digest.",
      hint: "Give its 64 hexadecimal digits."
    })
  }
  const fetched = yield* Effect.scoped(
    Effect.gen(function* () {
      const what = [asked.name, ...Option.toArray(asked.split)].join(" ")
      const onProgress = yield* drawing(asked.json ? noScreen : standardError(redraws), what)
      return yield* fetchDataset({
        name: asked.name,
        again: asked.again,
        onProgress,
        ...placeOf(asked),
        ...Option.match(asked.from, { onNone: () => ({}), onSome: (place) => ({ from: place }) }),
        ...Option.match(asked.sha256, { onNone: () => ({}), onSome: (digest) => ({ sha256: digest }) })
      })
    })
  )
  yield* Console.log(
    asked.json ? JSON.stringify(fetched, null, 2) : renderFetched(fetched, asked.cache, style)
  )
})

const fetchCommand = Command.make(
  "fetch",
  { name, split, from, sha256, cache, again, json: flags.json },
  handler(fetch)
).pipe(
  Command.withShortDescription("Download a data set into the cache"),
  Command.withDescription(
    paragraph(
      "Downloads a data set from its publisher into the cache. A download that was stopped goes on where it stopped. The file is kept only where its SHA-256 and its rows are right; the digest is recorded beside it, and a later download has to have the same. What is there already is checked, and not fetched again."
    )
  ),
  Command.withExamples([
    { command: "tracer data fetch gsm8k --split test", description: "The test problems of GSM8K" },
    {
      command: "tracer data fetch gpqa-diamond --from gpqa_diamond.csv",
      description: "A file that you have got yourself"
    }
  ])
)

const list = Effect.fnUntraced(function* (asked: {
  readonly cache: Option.Option<string>
  readonly json: boolean
}) {
  const { style } = yield* terminalLook
  const folder = yield* datasetFolder(Option.getOrUndefined(asked.cache))
  const splits: Array<KnownSplit> = []
  for (const dataset of datasets) {
    for (const part of dataset.splits) {
      const fetched = yield* findCached(folder, dataset, part)
      splits.push({ dataset, split: part.name, tasks: part.tasks, fetched })
    }
  }
  if (!asked.json) return yield* Console.log(renderDatasets(folder, splits, style))
  const rows = splits.map(({ dataset, split: part, tasks, fetched }) => ({
    name: dataset.name,
    split: part,
    tasks,
    licence: dataset.licence,
    homepage: dataset.homepage,
    file: fetched?.file ?? null,
    sha256: fetched?.lock.sha256 ?? null
  }))
  yield* Console.log(JSON.stringify(rows, null, 2))
})

const listCommand = Command.make("list", { cache, json: flags.json }, handler(list)).pipe(
  Command.withShortDescription("See which data sets are known by name, and which are fetched"),
  Command.withDescription(
    paragraph(
      "Lists the data sets that are known by name, with size and licence, and whether they have been fetched."
    )
  )
)

interface ShowArguments extends Place {
  readonly what: string
  readonly count: number
  readonly json: boolean
}

const show = Effect.fnUntraced(function* (asked: ShowArguments) {
  const { style } = yield* terminalLook
  const isKnown = datasets.some((dataset) => dataset.name === asked.what)
  if (!isKnown && !existsSync(asked.what)) {
    return yield* new UsageError({
      message: `${asked.what} is neither a data set that is known by name nor a file.`,
      hint: `Name one of ${known}, or give the path of a JSONL, CSV or Parquet file.`
    })
  }
  const tasks = isKnown ? yield* loadDataset(asked.what, placeOf(asked)) : yield* readTasks(asked.what)
  const first = tasks.slice(0, Math.max(0, asked.count))
  yield* Console.log(asked.json ? JSON.stringify(first, null, 2) : renderTasks(first, tasks.length, style))
})

const showCommand = Command.make(
  "show",
  {
    what: Argument.String("what").pipe(
      Argument.withDescription(`A data set (${known}), or a JSONL, CSV or Parquet file`)
    ),
    split,
    cache,
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
    { command: "tracer data show my-tasks.csv --count 1", description: "A file of your own" }
  ])
)

/** `tracer data`: fetches, lists and shows data sets. */
export const dataCommand = Command.make("data").pipe(
  Command.withShortDescription("Fetch data sets, and look at tasks"),
  Command.withDescription(
    paragraph(
      "Data sets to learn and to measure on: fetched from their publishers into a cache, listed, and looked at. A configuration then names them: tasks: { test: { use: gsm8k, split: test } }."
    )
  ),
  Command.withSubcommands([fetchCommand, listCommand, showCommand])
)
