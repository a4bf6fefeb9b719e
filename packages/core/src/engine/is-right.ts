import type { Answer, Grader, ReadAnswer } from "../answer/index.ts"
import type { Task } from "../task.ts"

// A gold answer is asked for at every fork of every decision, and reading it parses text.
const golds = new WeakMap<Task, { readonly grader: Grader; readonly gold: ReadAnswer }>()

const goldOf = (task: Task, grader: Grader, text: string): ReadAnswer => {
  const known = golds.get(task)
  if (known !== undefined && known.grader === grader) return known.gold
  const gold = grader.gold(text)
  golds.set(task, { grader, gold })
  return gold
}

/** Whether an answer is right; `undefined` where the task has no readable gold. An absent answer is wrong. */
export const isRight = (task: Task, grader: Grader, answer: Answer | undefined): boolean | undefined => {
  if (task.gold === undefined) return undefined
  const gold = goldOf(task, grader, task.gold)
  if (gold.kind !== "answer") return undefined
  if (answer === undefined) return false
  return answer.canonical === gold.answer.canonical || grader.equal(answer, gold.answer)
}
