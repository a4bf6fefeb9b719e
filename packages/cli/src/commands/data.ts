import { type DownloadProgress, datasetFolder, datasets, fetchDataset, findCached } from "@tracer-sdk/core"
import { Console, Effect, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { eraseLine, noScreen, type ProgressScreen, standardError } from "../progress/show-progress.ts"
import { type KnownSplit, renderDatasets, renderDownload, renderFetched } from "../render/data.ts"
import { terminalLook } from "../terminal/terminal.ts"
import { UsageError } from "../usage-error.ts"
import { cache, known, type Place, placeOf, split } from "./data-place.ts"
import { showCommand } from "./data-show.ts"
import * as flags from "./flags.ts"
import { handler } from "./handler.ts"
import { paragraph } from "./paragraph.ts"

const name = Argument.String("name").pipe(Argument.withDescription(`The data set: ${known}`))

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
