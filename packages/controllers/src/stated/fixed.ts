import { type Controller, type ControllerSnapshot, type LegalActions, StoreError } from "@tracer-sdk/core"
import { Effect, Schema } from "effect"

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

const kind = "fixed"
const version = 1

/** A stated strategy that never learns: always speaking, uniform, or given odds; the baseline of evaluations. */
export const fixedController = (options: FixedControllerOptions = {}): Controller => {
  const { weights, otherwise } = Schema.decodeSync(FixedControllerOptions)(options)
  const strategy = (_info: string, { names, fallback }: LegalActions) => {
    const chosen = names.map((name) => (Object.hasOwn(weights, name) ? (weights[name] ?? 0) : 0))
    const total = chosen.reduce((sum, weight) => sum + weight, 0)
    if (total > 0) return chosen.map((weight) => weight / total)
    if (otherwise === "fallback" && names.includes(fallback)) {
      return names.map((name) => (name === fallback ? 1 : 0))
    }
    return names.map(() => 1 / names.length)
  }
  return {
    name: kind,
    strategy,
    update: () => {},
    snapshot: () => ({ kind, version, state: {} })
  }
}

/** A fixed controller from its options; fails with `StoreError` where the snapshot is another controller's. */
export const restoreFixedController = (
  options: FixedControllerOptions,
  snapshot: ControllerSnapshot
): Effect.Effect<Controller, StoreError> =>
  snapshot.kind === kind && snapshot.version === version
    ? Effect.succeed(fixedController(options))
    : Effect.fail(
        new StoreError({
          path: "controllers",
          message: `A snapshot of kind "${snapshot.kind}", version ${snapshot.version}, cannot be restored as "${kind}", version ${version}.`,
          hint: `Name the controller "${snapshot.kind}" in the configuration, as when it was saved.`
        })
      )
