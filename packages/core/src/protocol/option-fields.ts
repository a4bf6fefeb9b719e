import { Effect, Schema } from "effect"

/** A whole number from `minimum` to 1,000, `fallback` by default. */
export const countField = (fallback: number, minimum = 1) =>
  Schema.Int.check(Schema.isBetween({ minimum, maximum: 1_000 })).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(fallback))
  )

/** A switch, `fallback` by default. */
export const switchField = (fallback: boolean) =>
  Schema.Boolean.pipe(Schema.withDecodingDefaultKey(Effect.succeed(fallback)))

/** The name of an abstraction: what controllers see. */
export const abstractionField = Schema.Literals([
  "votes-and-iteration",
  "without-votes",
  "without-iteration"
]).pipe(Schema.withDecodingDefaultKey(Effect.succeed("votes-and-iteration" as const)))
