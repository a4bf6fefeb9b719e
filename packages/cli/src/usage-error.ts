import { ConfigError } from "@tracer-sdk/core"
import { Schema } from "effect"
import { CliError } from "effect/cli"

/** The command was called in a way that cannot work; `message` is what and where, `hint` what to do about it. */
export class UsageError extends Schema.TaggedError<UsageError>()("UsageError", {
  message: Schema.String,
  hint: Schema.String
}) {}

/** The command's exit codes. A command that was stopped by a signal ends with 130. */
export const exitCodes = { success: 0, failure: 1, usage: 2, interrupted: 130 } as const

/** Wrong usage and wrong configurations end with 2, everything else that fails with 1. */
export const exitCodeOf = (error: unknown): number => {
  if (error instanceof UsageError || error instanceof ConfigError) return exitCodes.usage
  if (CliError.isCliError(error)) {
    return error._tag === "ShowHelp" && error.errors.length === 0 ? exitCodes.success : exitCodes.usage
  }
  return exitCodes.failure
}
