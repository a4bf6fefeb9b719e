import { Effect } from "effect"
import type { Grader } from "../answer/index.ts"
import { ConfigError } from "../errors.ts"
import type { Task } from "../task.ts"
import { graderFor } from "./grader-for.ts"

const problemOf = (task: Task, { name, gold: read }: Grader): string | undefined => {
  if (task.gold === undefined) return "has no gold answer"
  const gold = read(task.gold)
  return gold.kind === "answer"
    ? undefined
    : `has a gold answer that the ${name} grader cannot read (${gold.reason}): ${task.gold}`
}

/**
 * Fails with `ConfigError` where there are no tasks, or one has no gold answer that its grader can read: it would count
 * as wrong whatever is said. `path` names the tasks in the message.
 */
export const requireGolds = (
  tasks: ReadonlyArray<Task>,
  path = "tasks",
  grader: (task: Task) => Grader = graderFor
): Effect.Effect<void, ConfigError> => {
  if (tasks.length === 0) {
    return new ConfigError({
      path,
      message: `${path} gives no tasks.`,
      hint: "Give at least one task with a question and an answer."
    })
  }
  for (const task of tasks) {
    const problem = problemOf(task, grader(task))
    if (problem === undefined) continue
    return new ConfigError({
      path,
      message: `${path}: task "${task.id}" ${problem}.`,
      hint: "Nothing can be learned or measured without a gold answer. Where it is written another way, name the data set (gsm8k, math, gpqa), which chooses the grader, or give the data set a grader of your own under graders."
    })
  }
  return Effect.void
}
