import { Duration, Effect, Schedule } from "effect"
import type { PolicyError } from "../errors.ts"

/** A call to a model's server that failed. */
export interface FailedModelCall {
  readonly error: PolicyError
  /** Milliseconds that the server asked to wait. */
  readonly retryAfter: number
}

const longestWait = 60_000

/** Exponential backoff with jitter, at least as long as the server asked for and at most a minute. */
const schedule = (backoff: number) =>
  Schedule.exponential(Duration.millis(backoff)).pipe(
    Schedule.setInputType<FailedModelCall>(),
    Schedule.jittered,
    Schedule.modifyDelay(({ duration, input }) =>
      Effect.succeed(
        Duration.millis(Math.min(longestWait, Math.max(Duration.toMillis(duration), input.retryAfter)))
      )
    )
  )

/** Repeats a call after failures that may pass, `retries` times; `backoff` is the first wait in milliseconds. */
export const retryModelCall =
  ({ retries, backoff }: { readonly retries: number; readonly backoff: number }) =>
  <A, E extends FailedModelCall, R>(call: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.retry(call, { schedule: schedule(backoff), times: retries, while: ({ error }) => error.retryable })
