import { boxedGrader, choiceGrader, type Grader, numericGrader } from "../answer/index.ts"
import type { Task } from "../task.ts"

const byDataset: ReadonlyMap<string, Grader> = new Map([
  ["gsm8k", numericGrader],
  ["arithmetic", numericGrader],
  ["math", boxedGrader],
  ["gpqa", choiceGrader]
])

/** The grader of a task's data set: boxed for `math`, choice for `gpqa`, numeric for all others. */
export const graderFor = ({ dataset }: Pick<Task, "dataset">): Grader =>
  (dataset === undefined ? undefined : byDataset.get(dataset)) ?? numericGrader
