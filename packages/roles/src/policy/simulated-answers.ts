import { type Answer, type Grader, isRight, type Task } from "@tracer-sdk/core"

/** What a simulated model can propose about a task. */
export interface SimulatedAnswers {
  readonly right: string
  /** One or more, no two of them equal. */
  readonly wrong: ReadonlyArray<string>
}

const letters = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"]

const linesOf = (answer: string) => [`Final answer: ${answer}`, `Final answer: \\boxed{${answer}}`]

/** A right answer and up to `count` wrong ones; `undefined` where the task's gold answer cannot be read, or nothing is wrong. */
export const answersTo = (task: Task, grader: Grader, count: number): SimulatedAnswers | undefined => {
  if (task.gold === undefined) return undefined
  const gold = grader.gold(task.gold)
  if (gold.kind !== "answer") return undefined
  const { text, canonical } = gold.answer
  const read = (said: string): Answer | undefined => {
    const found = grader.read(said)
    return found.kind === "answer" ? found.answer : undefined
  }
  const isReadRight = (said: string) => isRight(task, grader, read(said)) === true
  const right = linesOf(text).find(isReadRight)
  const number = Number(canonical)
  const numbers = Number.isFinite(number) ? Array.from({ length: count }, (_, i) => number + 1 + i) : []
  // Where a grader of the user's own takes no such number for an answer, letters and small numbers may do.
  const others = [
    ...numbers.map(String),
    ...letters.slice(0, task.choices?.length ?? 4),
    ...Array.from({ length: count + 1 }, (_, i) => String(17 + i))
  ]
  const wrong: Array<string> = []
  const known: Array<Answer> = []
  for (const other of others) {
    if (wrong.length === count) break
    const said = linesOf(other).find((line) => read(line) !== undefined)
    const answer = said === undefined ? undefined : read(said)
    if (said === undefined || answer === undefined || isReadRight(said)) continue
    if (known.some((one) => one.canonical === answer.canonical || grader.equal(one, answer))) continue
    known.push(answer)
    wrong.push(said)
  }
  return right === undefined || wrong.length === 0 ? undefined : { right, wrong }
}
