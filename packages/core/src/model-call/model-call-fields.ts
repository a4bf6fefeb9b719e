import { Effect, Schema } from "effect"

/** Schema fields of how calls to a model's server are made; `concurrency` is the default of that field. */
export const modelCallFields = ({ concurrency }: { readonly concurrency: number }) => ({
  /** Times that a call is repeated after a failure that may pass. */
  retries: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(5))
  ),
  /** Milliseconds before the first repetition; each later wait is twice as long, and as long as the server asks for. */
  backoff: Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(500))
  ),
  /** Milliseconds that one call may take. */
  timeout: Schema.Finite.check(Schema.isGreaterThan(0)).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(120_000))
  ),
  /** Calls that may be under way at the same time. */
  concurrency: Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(concurrency))
  )
})
