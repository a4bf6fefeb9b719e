import { boxedGrader, choiceGrader, type Grader, numericGrader } from "../answer/index.ts"
import type { Task } from "../task.ts"

/** The grader of a task. Pure: a protocol may ask it while it is played. */
export type GraderOf = (task: Pick<Task, "dataset">) => Grader

const byDataset: ReadonlyMap<string, Grader> = new Map([
  ["gsm8k", numericGrader],
  ["arithmetic", numericGrader],
  ["math", boxedGrader],
  ["gpqa", choiceGrader]
])

/** The grader of a task's data set: boxed for `math`, choice for `gpqa`, numeric for all others. */
export const graderFor: GraderOf = ({ dataset }) =>
  (dataset === undefined ? undefined : byDataset.get(dataset)) ?? numericGrader

/** Graders of one's own by data set, and `graderFor` for all others. */
export const gradersBy =
  (own: ReadonlyMap<string, Grader>): GraderOf =>
  (task) =>
    (task.dataset === undefined ? undefined : own.get(task.dataset)) ?? graderFor(task)
