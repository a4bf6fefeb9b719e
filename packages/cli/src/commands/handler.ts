import { Cause, Effect } from "effect"

/** A command's handler that, with `--log-level debug`, also tells a failure's cause and where it came from. */
export const handler =
  <A, E, R>(run: (given: A) => Effect.Effect<void, E, R>) =>
  (given: A): Effect.Effect<void, E, R> =>
    Effect.tapCause(run(given), (cause) =>
      Cause.hasInterruptsOnly(cause) ? Effect.void : Effect.logDebug("the cause of the failure", cause)
    )
