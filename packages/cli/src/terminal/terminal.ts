import { Config, Effect, Option, Stdio } from "effect"
import { TerminalCapabilities } from "effect/cli"
import { ansiStyle, plainStyle, type Style } from "../render/style.ts"

/** What the command may do with the screen it writes to. */
export interface TerminalLook {
  /** For standard output: colours on a terminal that has them, never with `NO_COLOR`. */
  readonly style: Style
  /** The same for standard error, which may be a terminal where output is not. */
  readonly errorStyle: Style
  /** Whether a line on standard error can be redrawn. */
  readonly redraws: boolean
  /** How the reader calls the command again: by its name, or through npm where npm started it. */
  readonly command: string
}

/**
 * How output is to look: the one place of the command that reads the environment, through `Config`.
 *
 * `NO_COLOR` (any value but the empty one), `FORCE_COLOR`, `TERM` and npm's `npm_command` are read.
 */
export const terminalLook: Effect.Effect<TerminalLook, never, Stdio.Stdio> = Effect.gen(function* () {
  const stdio = yield* Stdio.Stdio
  const { canColor } = yield* TerminalCapabilities.TerminalCapabilities
  const noColor = yield* Effect.orDie(Config.option(Config.String("NO_COLOR")))
  const term = yield* Effect.orDie(Config.option(Config.String("TERM")))
  const npm = yield* Effect.orDie(Config.option(Config.String("npm_command")))
  const redraws = (yield* stdio.stderrIsTerminal) && Option.getOrElse(term, () => "") !== "dumb"
  return {
    style: canColor ? ansiStyle : plainStyle,
    errorStyle: redraws && Option.getOrElse(noColor, () => "") === "" ? ansiStyle : plainStyle,
    redraws,
    command: Option.isSome(npm) ? "npx tracer" : "tracer"
  }
}).pipe(Effect.provide(TerminalCapabilities.layer))
