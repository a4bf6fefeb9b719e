import { type AnyPlugin, type Controller, type ControllerSnapshot, definePlugin } from "@tracer-sdk/core"
import { Effect, Schema } from "effect"
import { Exp3ControllerOptions, exp3Controller, restoreExp3Controller } from "./bandit/exp3.ts"
import {
  restoreThompsonController,
  ThompsonControllerOptions,
  thompsonController
} from "./bandit/thompson.ts"
import { BayesianControllerOptions, bayesianController, restoreBayesianController } from "./bayes/bayesian.ts"
import { regretMatching, restoreRegretMatching } from "./regret/regret-matching.ts"
import { RegretMatchingOptions } from "./regret/regret-variant.ts"
import { configuredSelector, LlmSelectorOptions } from "./selector/llm-selector.ts"
import { FixedControllerOptions, fixedController } from "./stated/fixed.ts"
import { randomController } from "./stated/random.ts"
import { restoreStated } from "./stated/stated.ts"
import { ThresholdControllerOptions, thresholdController } from "./stated/threshold.ts"

const stated = (controller: Controller, snapshot: ControllerSnapshot | undefined) =>
  snapshot === undefined ? Effect.succeed(controller) : restoreStated(controller, snapshot)

/**
 * The controllers of this package, by the names that configurations use: `regret-matching`, `bayesian`, `exp3`, `thompson`,
 * `llm-selector`, and the stated strategies `fixed`, `random` and `threshold`.
 */
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
    name: "bayesian",
    options: BayesianControllerOptions,
    make: (options, { snapshot, ...setting }) =>
      snapshot === undefined
        ? Effect.succeed(bayesianController(options, setting))
        : restoreBayesianController(options, setting, snapshot)
  }),
  definePlugin({
    kind: "controller",
    name: "exp3",
    options: Exp3ControllerOptions,
    make: (options, { snapshot }) =>
      snapshot === undefined
        ? Effect.succeed(exp3Controller(options))
        : restoreExp3Controller(options, snapshot)
  }),
  definePlugin({
    kind: "controller",
    name: "thompson",
    options: ThompsonControllerOptions,
    make: (options, { snapshot }) =>
      snapshot === undefined
        ? Effect.succeed(thompsonController(options))
        : restoreThompsonController(options, snapshot)
  }),
  definePlugin({
    kind: "controller",
    name: "llm-selector",
    options: LlmSelectorOptions,
    make: (options, context) => configuredSelector(options, context)
  }),
  definePlugin({
    kind: "controller",
    name: "fixed",
    options: FixedControllerOptions,
    make: (options, { snapshot }) => stated(fixedController(options), snapshot)
  }),
  definePlugin({
    kind: "controller",
    name: "threshold",
    options: ThresholdControllerOptions,
    make: (options, { snapshot }) => stated(thresholdController(options), snapshot)
  }),
  definePlugin({
    kind: "controller",
    name: "random",
    options: Schema.Struct({}),
    make: (_, { snapshot }) => stated(randomController(), snapshot)
  })
]
