import { existsSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { Effect, Option, Schema } from "effect"
import { cacheDirectory } from "../config/environment.ts"
import { StoreError } from "../errors.ts"
import { reasonOf } from "../reason-of.ts"
import type { Dataset, DatasetSplit } from "./datasets.ts"
import { sha256Of } from "./digest.ts"
import { type TableFormat, tableFormats } from "./row.ts"

/** What is recorded beside a fetched file, so that a later one can be held to it. */
export const DatasetLock = Schema.Struct({
  /** The URL or file that it came from. */
  source: Schema.String,
  sha256: Schema.String,
  bytes: Schema.Int
})
export type DatasetLock = typeof DatasetLock.Type

/** The folder of fetched data sets: `directory`, or `datasets` in the cache directory of the environment. */
export const datasetFolder = (directory?: string): Effect.Effect<string> =>
  directory === undefined
    ? Effect.map(cacheDirectory, (cache) => join(cache, "datasets"))
    : Effect.succeed(directory)

/** Where a data set's split is kept in a format. */
export const datasetFile = (folder: string, dataset: Dataset, split: DatasetSplit, format: TableFormat) =>
  join(folder, dataset.name, `${split.name}.${format}`)

/** Where the lock of a fetched file is. */
export const lockFile = (file: string): string => `${file}.lock.json`

const decodeLock = Schema.decodeUnknownOption(Schema.fromJsonString(DatasetLock))

/** The lock of a file; absent where there is none yet. */
export const readLock = (file: string): Effect.Effect<DatasetLock | undefined, StoreError> =>
  Effect.gen(function* () {
    const path = lockFile(file)
    if (!existsSync(path)) return undefined
    const text = yield* Effect.tryPromise({
      try: () => readFile(path, "utf8"),
      catch: (cause) =>
        new StoreError({
          path,
          message: `${path} cannot be read: ${reasonOf(cause)}`,
          hint: "Check the rights of the file.",
          cause
        })
    })
    const lock = Option.getOrUndefined(decodeLock(text))
    if (lock !== undefined) return lock
    return yield* new StoreError({
      path,
      message: `${path} is no record of a download.`,
      hint: "Remove it and the file beside it, and fetch the data set again."
    })
  })

/** A fetched file of a data set. */
export interface CachedDataset {
  readonly file: string
  readonly format: TableFormat
  readonly lock: DatasetLock
}

/** The file of a split that has been fetched, in whatever format; absent where there is none. Does not look into the file. */
export const findCached = (
  folder: string,
  dataset: Dataset,
  split: DatasetSplit
): Effect.Effect<CachedDataset | undefined, StoreError> =>
  Effect.gen(function* () {
    for (const format of tableFormats) {
      const file = datasetFile(folder, dataset, split, format)
      if (!existsSync(file)) continue
      const lock = yield* readLock(file)
      if (lock !== undefined) return { file, format, lock }
    }
    return undefined
  })

/** Fails with `StoreError` where a file is no longer what was fetched. */
export const requireUnchanged = ({ file, lock }: CachedDataset): Effect.Effect<void, StoreError> =>
  Effect.tryPromise({
    try: () => sha256Of(file),
    catch: (cause) =>
      new StoreError({
        path: file,
        message: `${file} cannot be read: ${reasonOf(cause)}`,
        hint: "Check the rights of the file.",
        cause
      })
  }).pipe(
    Effect.flatMap((sha256) =>
      sha256 === lock.sha256
        ? Effect.void
        : new StoreError({
            path: file,
            message: `${file} has changed since it was fetched: its SHA-256 is ${sha256}, and was ${lock.sha256}.`,
            hint: "Remove it, and fetch the data set again: tracer data fetch. To work with rows of your own, keep them in a file of your own."
          })
    )
  )
