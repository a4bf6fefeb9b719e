import { type AnyPlugin, createRegistry, readTasks, type Task, type TeamConfig } from "@tracer-sdk/core"
import { Effect, Option } from "effect"
import { learnedOn } from "./learned-on.ts"
import { UsageError } from "./usage-error.ts"

/** A file of tasks as the flags give it. */
export interface TaskFile {
  readonly tasks: string
  readonly limit: Option.Option<number>
  readonly dataset: Option.Option<string>
}

/** Reads a file of tasks with gold answers, by default of the data set that the team learned on. */
export const readTaskFile = Effect.fnUntraced(function* (given: TaskFile, config: TeamConfig) {
  const dataset = Option.getOrUndefined(given.dataset) ?? learnedOn(config)
  const found = yield* readTasks(given.tasks, {
    ...Option.match(given.limit, { onNone: () => ({}), onSome: (count) => ({ limit: count }) }),
    ...(dataset === undefined ? {} : { dataset })
  })
  const bare = found.find((task) => task.gold === undefined)
  if (found.length > 0 && bare === undefined) return found
  return yield* new UsageError({
    message:
      bare === undefined
        ? `--tasks: ${given.tasks} holds no tasks.`
        : `--tasks: task "${bare.id}" of ${given.tasks} has no answer to measure against.`,
    hint: 'Give every task an "answer"; to put a question without one, use tracer solve.'
  })
})

/** The tasks of a file where `--tasks` names one, else the test tasks of the team's own configuration. */
export const readTestTasks = Effect.fnUntraced(function* (
  given: Omit<TaskFile, "tasks"> & { readonly tasks: Option.Option<string> },
  config: TeamConfig,
  plugins: ReadonlyArray<AnyPlugin>
) {
  if (Option.isSome(given.tasks)) return yield* readTaskFile({ ...given, tasks: given.tasks.value }, config)
  const test = config.tasks?.test
  if (test === undefined) {
    return yield* new UsageError({
      message: "--tasks is missing: the run's configuration names no test tasks.",
      hint: "Give a JSONL, CSV or Parquet file of tasks with --tasks FILE."
    })
  }
  if (Option.isSome(given.dataset)) {
    return yield* new UsageError({
      message: "--dataset is about a file of tasks, but the run's own test tasks are to be played.",
      hint: "Leave it out, or name tasks to play with --tasks FILE."
    })
  }
  const all: ReadonlyArray<Task> = yield* createRegistry(plugins).make(
    "tasks",
    test,
    { seed: config.seed },
    "tasks.test"
  )
  return all.slice(
    0,
    Option.getOrElse(given.limit, () => all.length)
  )
}, Effect.scoped)
