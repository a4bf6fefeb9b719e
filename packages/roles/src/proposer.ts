import { type Grader, graderFor, type Role, type Task } from "@tracer-sdk/core"
import { Schema } from "effect"
import { lazyPrompt } from "./lazy-prompt.ts"
import { memoizedReading } from "./memoized-reading.ts"
import { placeValues } from "./place-values.ts"
import { promptsFor } from "./prompts/prompts-for.ts"
import { fill, ProposerTemplates } from "./prompts/templates.ts"

/** A proposer as a configuration states it. */
export const ProposerOptions = Schema.Struct({
  /** Replaces the prompts of every data set. */
  prompts: Schema.optionalKey(ProposerTemplates)
})
export type ProposerOptions = typeof ProposerOptions.Encoded

/**
 * The role that answers the question: it sees the pending answer with what was said about it, and is read by the
 * grader of the task's data set.
 */
export const proposer = (
  options: ProposerOptions & {
    readonly name?: string
    readonly grader?: (task: Task) => Grader
  } = {}
): Role => {
  const { name = "proposer", grader = graderFor, prompts } = options
  const read = memoizedReading((text, by: Grader) => {
    const answer = by.read(text)
    return answer.kind === "answer"
      ? { kind: "proposal", answer: answer.answer }
      : { kind: "unreadable", expected: "proposal", reason: answer.reason }
  })
  return {
    name,
    prompt: (view) =>
      lazyPrompt(() => {
        const { system, first, again } = prompts ?? promptsFor(view.task.dataset).proposer
        const values = placeValues(view)
        return [
          { role: "system", content: fill(system, values) },
          { role: "user", content: fill(view.pending === undefined ? first : again, values) }
        ]
      }),
    read: (view, text) => read(text, grader(view.task))
  }
}
