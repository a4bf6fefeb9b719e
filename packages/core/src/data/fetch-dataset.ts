import { copyFile, mkdir } from "node:fs/promises"
import { dirname } from "node:path"
import { Effect, Option } from "effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { huggingFaceToken } from "../config/environment.ts"
import { StoreError } from "../errors.ts"
import { reasonOf } from "../reason-of.ts"
import {
  type DatasetLock,
  datasetFile,
  datasetFolder,
  findCached,
  requireUnchanged
} from "./dataset-cache.ts"
import { type Dataset, lookUpDataset } from "./datasets.ts"
import { type DownloadOptions, download } from "./download.ts"
import { keepDataset, requireDigest, requireRows } from "./keep-dataset.ts"
import { type PartialFile, partialFile } from "./partial-file.ts"
import { formatOf } from "./row.ts"

/** What is fetched, from where, and where to. */
export interface FetchDatasetOptions extends DownloadOptions {
  readonly name: string
  /** May be left out where there is only one. */
  readonly split?: string
  /** Another URL, or a file that is there already; the publisher's URL by default. */
  readonly from?: string
  /** What the file has to be, in hexadecimal. */
  readonly sha256?: string
  /** The folder of fetched data sets, in place of the environment's. */
  readonly cache?: string
  /** Fetches again what is there already. */
  readonly again?: boolean
}

/** What a fetch came to. */
export interface FetchedDataset {
  readonly name: string
  readonly split: string
  readonly file: string
  readonly lock: DatasetLock
  readonly tasks: number
  /** How many the publisher's file has. */
  readonly expected: number
  /** Whether it was there before. */
  readonly present: boolean
}

const isUrl = (from: string): boolean => /^https?:\/\//i.test(from) && URL.canParse(from)

const copy = (from: string, { path }: PartialFile): Effect.Effect<void, StoreError> =>
  Effect.tryPromise({
    try: async () => {
      await mkdir(dirname(path), { recursive: true })
      await copyFile(from, path)
    },
    catch: (cause) =>
      new StoreError({
        path: from,
        message: `${from} cannot be copied: ${reasonOf(cause)}`,
        hint: "Give a URL that begins with https://, or the path of a file that can be read.",
        cause
      })
  })

const transfer = Effect.fnUntraced(function* (
  from: string,
  partial: PartialFile,
  { access }: Dataset,
  options: DownloadOptions
) {
  const token = Option.getOrUndefined(yield* huggingFaceToken)
  yield* download(from, partial, { ...options, ...(token === undefined ? {} : { token }) }).pipe(
    Effect.mapError(
      ({ message, hint, cause }) =>
        new StoreError({
          path: from,
          message,
          hint: access === undefined ? hint : `${hint}\n${access}`,
          ...(cause === undefined ? {} : { cause })
        })
    )
  )
})

/**
 * Fetches a split of a published data set into the cache: with progress and retries, going on with what an earlier run left, and
 * kept only when its digest and its rows are right. What is there already is checked, and not fetched again.
 *
 * The digest is the one that is asked for, else the publisher's file's where it is known, else that of the first download,
 * which is recorded beside the file. Fails with `StoreError`, and with `ConfigError` for names that are not known.
 */
export const fetchDataset = Effect.fnUntraced(function* (options: FetchDatasetOptions) {
  const { dataset, split } = yield* lookUpDataset(options.name, options.split)
  const folder = yield* datasetFolder(options.cache)
  const names = { name: dataset.name, split: split.name, expected: split.tasks }
  const sha256 = options.sha256?.toLowerCase()
  const found = yield* findCached(folder, dataset, split)
  if (found !== undefined && options.again !== true) {
    const { file, format, lock } = found
    yield* requireUnchanged(found)
    yield* requireDigest(file, lock.sha256, sha256, "not")
    const tasks = yield* requireRows(file, file, format, dataset)
    return { ...names, file, lock, tasks: tasks.length, present: true }
  }
  const from = options.from ?? split.url
  const format = formatOf(isUrl(from) ? new URL(from).pathname : from)
  const partial = partialFile(`${datasetFile(folder, dataset, split, format)}.part`)
  yield* isUrl(from) ? transfer(from, partial, dataset, options) : copy(from, partial)
  const kept = yield* keepDataset({ partial, from, format, folder, dataset, split, sha256 })
  return { ...names, ...kept, present: false }
}, Effect.provide(FetchHttpClient.layer))
