import { datasets } from "@tracer-sdk/core"
import { Option } from "effect"
import { Flag } from "effect/cli"
import * as flags from "./flags.ts"

/** The data sets that are known by name. */
export const known = datasets.map(({ name }) => name).join(", ")

export const split = Flag.String("split").pipe(
  Flag.withMetavar("SPLIT"),
  Flag.withDescription("Which of its files, as in test; need not be said where there is only one"),
  Flag.optional
)

export const cache = flags
  .folder(
    "cache",
    "Folder of fetched data sets; by default datasets in TRACER_CACHE, else tracer/datasets in XDG_CACHE_HOME or ~/.cache"
  )
  .pipe(Flag.optional)

/** Which file of a data set, and where it is kept. */
export interface Place {
  readonly split: Option.Option<string>
  readonly cache: Option.Option<string>
}

/** Which split, and in which folder, as far as the flags say. */
export const placeOf = (asked: Place) => ({
  ...Option.match(asked.split, { onNone: () => ({}), onSome: (part) => ({ split: part }) }),
  ...Option.match(asked.cache, { onNone: () => ({}), onSome: (folder) => ({ cache: folder }) })
})
