import type { Controller } from "@tracer-sdk/core"
import { Effect, Schema } from "effect"
import { statedController } from "./stated.ts"

const Weight = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))

/** Options of `fixedController`. */
export const FixedControllerOptions = Schema.Struct({
  /** By action name; legal actions are played in proportion, those not named never: `{ propose: 1, review: 1 }` always speaks. */
  weights: Schema.Record(Schema.String, Weight).pipe(Schema.withDecodingDefaultKey(Effect.succeed({}))),
  /** What to play where no legal action has a weight. */
  otherwise: Schema.Literals(["uniform", "fallback"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("uniform" as const))
  )
})
export type FixedControllerOptions = typeof FixedControllerOptions.Encoded

/** A stated strategy that never learns: always speaking, or given odds; the baseline of evaluations. */
export const fixedController = (options: FixedControllerOptions = {}): Controller => {
  const { weights, otherwise } = Schema.decodeSync(FixedControllerOptions)(options)
  return statedController("fixed", (_info, { names, fallback }) => {
    const chosen = names.map((name) => (Object.hasOwn(weights, name) ? (weights[name] ?? 0) : 0))
    const total = chosen.reduce((sum, weight) => sum + weight, 0)
    if (total > 0) return chosen.map((weight) => weight / total)
    if (otherwise === "fallback" && names.includes(fallback)) {
      return names.map((name) => (name === fallback ? 1 : 0))
    }
    return names.map(() => 1 / names.length)
  })
}
