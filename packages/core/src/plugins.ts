import { Effect, Schema } from "effect"
import { graderPlugins } from "./answer/plugins.ts"
import { creditPlugins } from "./credit/plugins.ts"
import { protocolPlugins } from "./protocol/plugins.ts"
import { definePlugin } from "./registry/plugin.ts"
import type { AnyPlugin } from "./registry/registry.ts"
import { arithmeticTasks } from "./task/arithmetic.ts"
import { readTasks } from "./task/read-tasks.ts"

const JsonlOptions = Schema.Struct({
  file: Schema.String,
  dataset: Schema.optionalKey(Schema.String),
  limit: Schema.optionalKey(Schema.Int),
  fields: Schema.optionalKey(
    Schema.Struct({
      question: Schema.optionalKey(Schema.String),
      answer: Schema.optionalKey(Schema.String),
      id: Schema.optionalKey(Schema.String),
      choices: Schema.optionalKey(Schema.String)
    })
  )
})

const ArithmeticOptions = Schema.Struct({
  split: Schema.Literals(["train", "test"]),
  count: Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)),
  /** The run's seed by default. */
  seed: Schema.optionalKey(Schema.Int)
})

/** The plug-ins that core brings: protocols, credit, graders and tasks. */
export const corePlugins: ReadonlyArray<AnyPlugin> = [
  ...protocolPlugins,
  ...creditPlugins,
  ...graderPlugins,
  definePlugin({
    kind: "tasks",
    name: "jsonl",
    options: JsonlOptions,
    make: ({ file, ...options }) => readTasks(file, options)
  }),
  definePlugin({
    kind: "tasks",
    name: "arithmetic",
    options: ArithmeticOptions,
    make: ({ seed, ...options }, context) =>
      Effect.sync(() => arithmeticTasks({ ...options, seed: seed ?? context.seed }))
  })
]
