// The package's index would load a server and its clients, and cost a second of start-up.
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import type { AnyPlugin } from "@tracer-sdk/core"
import { Cause, Console, Effect, Exit, Logger, Stdio } from "effect"
import { CliError, CliOutput, Command } from "effect/cli"
import { type Failure, renderFailure } from "./render/failure.ts"
import type { Style } from "./render/style.ts"
import { terminalLook } from "./terminal/terminal.ts"
import { tracerCommand } from "./tracer-command.ts"
import { exitCodeOf, exitCodes } from "./usage-error.ts"
import { packageVersion } from "./version.ts"

const textAt = (value: unknown, key: "message" | "hint"): string | undefined => {
  if (typeof value !== "object" || value === null) return undefined
  const found: unknown = Reflect.get(value, key)
  return typeof found === "string" ? found : undefined
}

/** What to tell of a cause; nothing of an interruption, and of wrong usage, which has been told when it was found. */
const failureOf = (cause: Cause.Cause<unknown>): Failure | undefined => {
  if (Cause.hasInterruptsOnly(cause)) return undefined
  const error = Cause.squash(cause)
  if (CliError.isCliError(error)) return undefined
  const hint = textAt(error, "hint")
  if (hint !== undefined) return { message: textAt(error, "message") ?? String(error), hint }
  return {
    message: `something unexpected happened: ${textAt(error, "message") ?? String(error)}`,
    hint: "Run the command again with --log-level debug, and report what it prints."
  }
}

/** Answers wrong flags with what is wrong and where to read on, in place of pages of help. */
const presenter = (style: Style): CliOutput.Presenter => ({
  present: (event) =>
    event._tag === "InvalidInvocation"
      ? Console.error(
          renderFailure(
            {
              message: event.errors.map((error) => error.message).join("\n"),
              hint: `See ${event.commandPath.join(" ")} --help`
            },
            style
          )
        )
      : CliOutput.defaultPresenter.present(event)
})

/** The exit code of a command that ended so. */
export const exitCodeAfter = (exit: Exit.Exit<unknown, unknown>): number => {
  if (Exit.isSuccess(exit)) return exitCodes.success
  return Cause.hasInterruptsOnly(exit.cause) ? exitCodes.interrupted : exitCodeOf(Cause.squash(exit.cause))
}

/** The `tracer` command with its arguments; tells of every failure on standard error, then fails with it. */
export const tracerProgram = Effect.fnUntraced(function* (
  plugins: ReadonlyArray<AnyPlugin>,
  args: ReadonlyArray<string>
) {
  const { errorStyle } = yield* terminalLook
  yield* Command.runWith(tracerCommand(plugins), { version: packageVersion() })(args).pipe(
    Effect.provideService(CliOutput.Presenter, presenter(errorStyle)),
    // Standard output is for results.
    Effect.provideService(Logger.LogToStderr, true),
    Effect.tapCause((cause) => {
      const failure = failureOf(cause)
      return failure === undefined ? Effect.void : Console.error(renderFailure(failure, errorStyle))
    })
  )
})

/** Runs the `tracer` command with the process's arguments, and ends the process with its exit code. */
export const runTracer = (plugins: ReadonlyArray<AnyPlugin>): void => {
  const program = Effect.gen(function* () {
    const stdio = yield* Stdio.Stdio
    yield* tracerProgram(plugins, yield* stdio.args)
  })
  program.pipe(
    Effect.provide(NodeServices.layer),
    NodeRuntime.runMain({
      disableErrorReporting: true,
      teardown: (exit, onExit) => onExit(exitCodeAfter(exit))
    })
  )
}
