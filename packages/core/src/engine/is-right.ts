import type { Answer, Grader } from "../answer/index.ts"
import type { Task } from "../task.ts"

/** Whether an answer is right; `undefined` where the task has no readable gold. An absent answer is wrong. */
export const isRight = (task: Task, grader: Grader, answer: Answer | undefined): boolean | undefined => {
  if (task.gold === undefined) return undefined
  const gold = grader.gold(task.gold)
  if (gold.kind !== "answer") return undefined
  return answer !== undefined && grader.equal(answer, gold.answer)
}
