import { homedir } from "node:os"
import { join } from "node:path"
import { Config, Effect, Option, type Redacted } from "effect"

const filled = (variable: string) =>
  Config.option(Config.String(variable)).pipe(
    Effect.orDie,
    Effect.map(Option.filter((value) => value !== ""))
  )

/**
 * The folder for what can be fetched again: `TRACER_CACHE`, else `tracer` in `XDG_CACHE_HOME`, else in `~/.cache` (XDG Base Directory
 * Specification 0.8).
 */
export const cacheDirectory: Effect.Effect<string> = Effect.gen(function* () {
  const own = yield* filled("TRACER_CACHE")
  if (Option.isSome(own)) return own.value
  const shared = yield* filled("XDG_CACHE_HOME")
  return join(
    Option.getOrElse(shared, () => join(homedir(), ".cache")),
    "tracer"
  )
})

/** The token of a Hugging Face account, `HF_TOKEN`, for data sets that ask for one. */
export const huggingFaceToken: Effect.Effect<Option.Option<Redacted.Redacted<string>>> = Config.option(
  Config.Redacted("HF_TOKEN")
).pipe(Effect.orDie)
