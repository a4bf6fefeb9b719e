import type { Controller, ControllerSnapshot, StoreError } from "@tracer-sdk/core"
import { Effect, Result, Schema } from "effect"
import { readSnapshot } from "../snapshot.ts"

const version = 1

/** A controller that plays what it is told and never learns. */
export const statedController = (name: string, strategy: Controller["strategy"]): Controller => ({
  name,
  strategy,
  update: () => {},
  snapshot: () => ({ kind: name, version, state: {} })
})

/** A controller that holds nothing but its options; fails with `StoreError` where the snapshot is another one's. */
export const restoreStated = <C extends Controller>(
  controller: C,
  snapshot: ControllerSnapshot
): Effect.Effect<C, StoreError> =>
  Effect.fromResult(
    Result.map(
      readSnapshot(snapshot, { kind: controller.name, version, state: Schema.Struct({}) }),
      () => controller
    )
  )
