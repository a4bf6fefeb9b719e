import { Effect, Schema } from "effect"
import { StoreError } from "../errors.ts"
import { readTasks } from "../task/read-tasks.ts"
import { datasetFolder, findCached, requireUnchanged } from "./dataset-cache.ts"
import { type Dataset, type DatasetSplit, lookUpDataset } from "./datasets.ts"
import { TaskSelection } from "./selection.ts"

/** How a published data set is loaded. */
export const LoadDatasetOptions = Schema.Struct({
  /** Which of its files; may be left out where there is only one. */
  split: Schema.optionalKey(Schema.String),
  /** A copy of the publisher's file, in place of the one that was fetched. */
  file: Schema.optionalKey(Schema.String),
  /** The folder of fetched data sets, in place of the environment's. */
  cache: Schema.optionalKey(Schema.String),
  ...TaskSelection.fields
})
export type LoadDatasetOptions = typeof LoadDatasetOptions.Type

/** The error that a data set has not been fetched, and how to get it. */
const notFetched = (folder: string, { name, access, splits }: Dataset, split: DatasetSplit): StoreError => {
  const which = splits.length === 1 ? name : `${name} --split ${split.name}`
  return new StoreError({
    path: folder,
    message: `The data set ${name} (${split.name}) is not in ${folder}.`,
    hint: `Fetch it: tracer data fetch ${which}${access === undefined ? "" : `\n${access}`}\nOr give your copy of it: { use: ${name}, split: ${split.name}, file: ... }`
  })
}

/**
 * The tasks of a published data set, from the cache or a file that is named; never from the network.
 *
 * Fails with `StoreError` that says how to get it where it is not there, and where it is no longer what was fetched.
 */
export const loadDataset = Effect.fnUntraced(function* (name: string, options: LoadDatasetOptions = {}) {
  const { split: wanted, file: own, cache, ...selection } = options
  const { dataset, split } = yield* lookUpDataset(name, wanted)
  const { fields, grading } = dataset
  const read = { fields, dataset: grading, ...selection }
  if (own !== undefined) return yield* readTasks(own, read)
  const folder = yield* datasetFolder(cache)
  const found = yield* findCached(folder, dataset, split)
  if (found === undefined) return yield* notFetched(folder, dataset, split)
  yield* requireUnchanged(found)
  return yield* readTasks(found.file, { ...read, format: found.format })
})
