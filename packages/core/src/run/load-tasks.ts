import { createHash } from "node:crypto"
import { Effect } from "effect"
import type { TeamConfig } from "../config/team-config.ts"
import { ConfigError } from "../errors.ts"
import type { Registry } from "../registry/registry.ts"
import { makeGraders } from "../task/make-graders.ts"
import { requireGolds } from "../task/require-golds.ts"
import type { Task } from "../task.ts"

/** The training and test tasks that a configuration names; all of them have gold answers. */
export const loadTasks = Effect.fnUntraced(function* (
  { tasks, seed, graders }: TeamConfig,
  registry: Registry
) {
  if (tasks === undefined) {
    return yield* new ConfigError({
      path: "tasks",
      message: "tasks is missing: the configuration does not say what to train on.",
      hint: `Add tasks: { train: { use: ... }, test: { use: ... } }; known here: ${registry.names("tasks").join(", ")}.`
    })
  }
  const grader = yield* makeGraders({ graders }, registry)
  const training = yield* registry.make("tasks", tasks.train, { seed }, "tasks.train")
  yield* requireGolds(training, "tasks.train", grader)
  if (tasks.test === undefined) return { training, test: [] }
  const test = yield* registry.make("tasks", tasks.test, { seed }, "tasks.test")
  yield* requireGolds(test, "tasks.test", grader)
  return { training, test }
})

/** A short digest of tasks: a run goes on only with the tasks it began with. */
export const digestOf = (tasks: ReadonlyArray<Task>): string =>
  createHash("sha256").update(JSON.stringify(tasks)).digest("hex").slice(0, 16)
