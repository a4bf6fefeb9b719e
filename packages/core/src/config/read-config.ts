import { readFile } from "node:fs/promises"
import { Effect } from "effect"
import { parse, YAMLParseError } from "yaml"
import { ConfigError } from "../errors.ts"
import { reasonOf } from "../reason-of.ts"
import { decodeConfig } from "./decode.ts"
import { TeamConfig } from "./team-config.ts"

/** Parses the text of a JSON or YAML file; JSON is YAML, too. */
const parseText = (text: string, file: string) =>
  Effect.try({
    try: (): unknown => parse(text),
    catch: (cause) =>
      new ConfigError({
        path: file,
        message: `${file} is neither JSON nor YAML: ${cause instanceof YAMLParseError ? cause.message : reasonOf(cause)}`,
        hint: "Correct the syntax at the place named above.",
        cause
      })
  })

/** A team's configuration from a value of unknown shape; `where` names it in errors. */
export const decodeTeamConfig = (input: unknown, where = "the configuration") =>
  Effect.fromResult(decodeConfig(TeamConfig, input, where))

/** The value that a JSON or YAML file of a configuration holds. */
export const readConfigFile = Effect.fnUntraced(function* (file: string) {
  const text = yield* Effect.tryPromise({
    try: () => readFile(file, "utf8"),
    catch: (cause) =>
      new ConfigError({
        path: file,
        message: `The configuration ${file} cannot be read: ${reasonOf(cause)}`,
        hint: "Give the path of a JSON or YAML file, as in examples/configs/simulated.yaml.",
        cause
      })
  })
  return yield* parseText(text, file)
})

/** Reads a team's configuration from a JSON or YAML file. */
export const readTeamConfig = Effect.fnUntraced(function* (file: string) {
  return yield* decodeTeamConfig(yield* readConfigFile(file), file)
})
