import { type AnyPlugin, definePlugin } from "@tracer-sdk/core"
import { Effect } from "effect"
import { FixedControllerOptions, fixedController, restoreFixedController } from "./fixed.ts"
import { regretMatching, restoreRegretMatching } from "./regret/regret-matching.ts"
import { RegretMatchingOptions } from "./regret/regret-variant.ts"

/** The controllers of this package, by the names that configurations use: `regret-matching` and `fixed`. */
export const controllerPlugins: ReadonlyArray<AnyPlugin> = [
  definePlugin({
    kind: "controller",
    name: "regret-matching",
    options: RegretMatchingOptions,
    make: (options, { snapshot }) =>
      snapshot === undefined
        ? Effect.succeed(regretMatching(options))
        : restoreRegretMatching(options, snapshot)
  }),
  definePlugin({
    kind: "controller",
    name: "fixed",
    options: FixedControllerOptions,
    make: (options, { snapshot }) =>
      snapshot === undefined
        ? Effect.succeed(fixedController(options))
        : restoreFixedController(options, snapshot)
  })
]
