import { Flag } from "effect/cli"

/** The folder of a run or of a saved team. */
export const run = Flag.Directory("run").pipe(
  Flag.withMetavar("DIR"),
  Flag.withDescription("Folder of a training run or of a saved team: the one given to train as --out")
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
    "Data set that the question is from: names the prompts and the way answers are read, as in gsm8k"
  ),
  Flag.optional
)
