import { isAbsolute, relative } from "node:path"
import { Flag } from "effect/cli"

/** A path below the working folder is told as it is typed: short, and good to copy. */
const shortPath = (path: string): string => {
  const fromHere = relative(process.cwd(), path)
  return fromHere === "" ? "." : fromHere.startsWith("..") || isAbsolute(fromHere) ? path : fromHere
}

/** A file given by its path. */
export const file = (name: string, description: string) =>
  Flag.File(name).pipe(Flag.withMetavar("FILE"), Flag.withDescription(description), Flag.map(shortPath))

/** A folder given by its path. */
export const folder = (name: string, description: string) =>
  Flag.Directory(name).pipe(Flag.withMetavar("DIR"), Flag.withDescription(description), Flag.map(shortPath))

/** The folder of a run or of a saved team. */
export const run = folder(
  "run",
  "Folder of a training run or of a saved team: the one given to train as --out"
)

export const seed = Flag.Int("seed").pipe(
  Flag.withMetavar("N"),
  Flag.withDescription("Seed of every random draw; the configuration's own by default"),
  Flag.optional
)

export const json = Flag.Boolean("json").pipe(
  Flag.withoutNegation,
  Flag.withDescription("Print the result as JSON on standard output, and nothing else"),
  Flag.withDefault(false)
)

export const dataset = Flag.String("dataset").pipe(
  Flag.withMetavar("NAME"),
  Flag.withDescription(
    "Data set that names the prompts and the way answers are read, as in gsm8k; by default the one that the team learned on"
  ),
  Flag.optional
)

export const limit = Flag.Int("limit").pipe(
  Flag.withMetavar("N"),
  Flag.withDescription("Only the first N tasks"),
  Flag.filter(
    (count) => count >= 1,
    (count) => `--limit has to be 1 or more, not ${count}`
  ),
  Flag.optional
)
