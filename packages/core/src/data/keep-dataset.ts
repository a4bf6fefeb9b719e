import { rename, rm, stat, writeFile } from "node:fs/promises"
import { Effect } from "effect"
import { StoreError } from "../errors.ts"
import { reasonOf } from "../reason-of.ts"
import { graderFor } from "../task/grader-for.ts"
import { readTasks } from "../task/read-tasks.ts"
import { requireGolds } from "../task/require-golds.ts"
import type { Task } from "../task.ts"
import { type DatasetLock, datasetFile, lockFile, readLock } from "./dataset-cache.ts"
import type { Dataset, DatasetSplit } from "./datasets.ts"
import { sha256Of } from "./digest.ts"
import type { PartialFile } from "./partial-file.ts"
import { type TableFormat, tableFormats } from "./row.ts"

/** Fails where a file is not the rows of the data set that it is meant to be, as a page that asks to log in. */
export const requireRows = (
  file: string,
  from: string,
  format: TableFormat,
  { name, fields, grading }: Dataset
): Effect.Effect<ReadonlyArray<Task>, StoreError> =>
  readTasks(file, { format, fields, dataset: grading }).pipe(
    Effect.tap((tasks) => requireGolds(tasks, from, graderFor)),
    Effect.mapError(
      (cause) =>
        new StoreError({
          path: from,
          message: `${from} does not hold the rows of ${name}: ${cause.message}`,
          hint: "Check that the address leads to the file itself, and not to a page about it.",
          cause
        })
    )
  )

/** Fails where a digest is not the one that is expected, for `reason`. */
export const requireDigest = (
  from: string,
  sha256: string,
  expected: string | undefined,
  reason: string
): Effect.Effect<void, StoreError> =>
  expected === undefined || expected === sha256
    ? Effect.void
    : new StoreError({
        path: from,
        message: `${from} is not what it has to be: its SHA-256 is ${sha256}, ${reason} ${expected}.`,
        hint: "Find out why the file differs before you trust it; where it is right, state its digest with --sha256 and fetch it with --again."
      })

/** A file that has come, and what it is to be. */
export interface Arrival {
  readonly partial: PartialFile
  /** The URL or file that it came from. */
  readonly from: string
  readonly format: TableFormat
  readonly folder: string
  readonly dataset: Dataset
  readonly split: DatasetSplit
  /** What it has to be, in lower-case hexadecimal, where somebody said so. */
  readonly sha256: string | undefined
}

/** What it has to be: as asked for, as the publisher's is known to be, or as it was the first time. */
const requireExpected = Effect.fnUntraced(function* (arrival: Arrival, file: string, sha256: string) {
  const { from, split, sha256: asked } = arrival
  if (asked !== undefined) return yield* requireDigest(from, sha256, asked, "not")
  if (from === split.url && split.sha256 !== undefined)
    return yield* requireDigest(from, sha256, split.sha256, "the publisher's is")
  return yield* requireDigest(from, sha256, (yield* readLock(file))?.sha256, "before it was")
})

/** Moves the file to its place with its lock, and removes what was there in other formats. */
const install = async ({ partial, from, format, folder, dataset, split }: Arrival, sha256: string) => {
  const file = datasetFile(folder, dataset, split, format)
  const { size } = await stat(partial.path)
  const lock: DatasetLock = { source: from, sha256, bytes: size }
  await partial.finish()
  await writeFile(`${lockFile(file)}.part`, `${JSON.stringify(lock, null, 2)}\n`)
  await rename(partial.path, file)
  await rename(`${lockFile(file)}.part`, lockFile(file))
  for (const other of tableFormats.filter((candidate) => candidate !== format)) {
    const replaced = datasetFile(folder, dataset, split, other)
    await Promise.all([replaced, lockFile(replaced)].map((path) => rm(path, { force: true })))
  }
  return { file, lock }
}

/** Takes a file into the cache that is what it has to be; of any other, nothing is kept. */
export const keepDataset = Effect.fnUntraced(
  function* (arrival: Arrival) {
    const { partial, from, format, folder, dataset, split } = arrival
    const file = datasetFile(folder, dataset, split, format)
    const sha256 = yield* Effect.tryPromise({
      try: () => sha256Of(partial.path),
      catch: (cause) =>
        new StoreError({
          path: from,
          message: `${from} left no file that can be read: ${reasonOf(cause)}`,
          hint: "Fetch it again.",
          cause
        })
    })
    yield* requireExpected(arrival, file, sha256)
    const tasks = yield* requireRows(partial.path, from, format, dataset)
    const kept = yield* Effect.tryPromise({
      try: () => install(arrival, sha256),
      catch: (cause) =>
        new StoreError({
          path: file,
          message: `${file} cannot be written: ${reasonOf(cause)}`,
          hint: "Check that the folder can be written and that the disk has room.",
          cause
        })
    })
    return { ...kept, tasks: tasks.length }
  },
  (kept, { partial }) => Effect.tapError(kept, () => Effect.promise(partial.discard))
)
