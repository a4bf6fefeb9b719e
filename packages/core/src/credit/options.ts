import { Effect, Schema } from "effect"

/** What 1,000 tokens cost, in units in which a right answer is worth 2 more than a wrong one; 0 or more. */
export const tokenCostOption = (byDefault: number) =>
  Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(byDefault))
  )

/** A share from 0 to 1. */
export const shareOption = (byDefault: number) =>
  Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 })).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(byDefault))
  )

/** A whole number from `minimum` on. */
export const countOption = (byDefault: number, minimum = 1) =>
  Schema.Int.check(Schema.isGreaterThanOrEqualTo(minimum)).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(byDefault))
  )
