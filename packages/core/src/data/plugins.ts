import { Effect, Schema } from "effect"
import type { PluginUse } from "../config/team-config.ts"
import { definePlugin } from "../registry/plugin.ts"
import type { AnyPlugin } from "../registry/registry.ts"
import { arithmeticTasks } from "../task/arithmetic.ts"
import { readTasks } from "../task/read-tasks.ts"
import { datasets } from "./datasets.ts"
import { LoadDatasetOptions, loadDataset } from "./load-dataset.ts"
import { tableFormats } from "./row.ts"
import { TaskSelection } from "./selection.ts"
import { TaskFields } from "./task-fields.ts"

const TableOptions = Schema.Struct({
  file: Schema.String,
  dataset: Schema.optionalKey(Schema.String),
  fields: Schema.optionalKey(TaskFields),
  ...TaskSelection.fields
})

const ArithmeticOptions = Schema.Struct({
  split: Schema.Literals(["train", "test"]),
  count: Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)),
  /** The run's seed by default. */
  seed: Schema.optionalKey(Schema.Int)
})

/** Where tasks come from: files as `jsonl`, `csv` and `parquet`, the published data sets by their names, and `arithmetic`. */
export const taskPlugins: ReadonlyArray<AnyPlugin> = [
  ...tableFormats.map((format) =>
    definePlugin({
      kind: "tasks",
      name: format,
      options: TableOptions,
      make: ({ file, ...options }) => readTasks(file, { ...options, format })
    })
  ),
  ...datasets.map(({ name }) =>
    definePlugin({
      kind: "tasks",
      name,
      options: LoadDatasetOptions,
      make: (options) => loadDataset(name, options)
    })
  ),
  definePlugin({
    kind: "tasks",
    name: "arithmetic",
    options: ArithmeticOptions,
    make: ({ seed, ...options }, context) =>
      Effect.sync(() => arithmeticTasks({ ...options, seed: seed ?? context.seed }))
  })
]

const tables: ReadonlySet<string> = new Set(tableFormats)

/** The data set that a `tasks` plug-in gives, as prompts and graders name it; absent where its rows decide. */
export const datasetOfTasks = ({ use, dataset }: PluginUse): string | undefined => {
  if (typeof dataset === "string") return dataset
  if (tables.has(use)) return undefined
  return datasets.find(({ name }) => name === use)?.grading ?? use
}
