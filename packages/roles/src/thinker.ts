import { type Message, type Role, statesFinalAnswer, type Task } from "@tracer-sdk/core"
import { Schema } from "effect"
import { lazyPrompt } from "./lazy-prompt.ts"
import { placeValues } from "./place-values.ts"
import { promptsFor } from "./prompts/prompts-for.ts"
import { fill, ThinkerTemplates } from "./prompts/templates.ts"
import { type Answering, proposalReader } from "./read-proposal.ts"

/** A thinker as a configuration states it. */
export const ThinkerOptions = Schema.Struct({
  /** Replaces the prompts of every data set. */
  prompts: Schema.optionalKey(ThinkerTemplates)
})
export type ThinkerOptions = typeof ThinkerOptions.Encoded

/**
 * The role that reasons one step at a time: it sees the steps so far, and says the next one (a comment) or the final answer (a
 * proposal, read by the grader of the task's data set).
 *
 * A view whose options are not to take a `step` asks for the rest of the reasoning at once, with the answer.
 */
export const thinker = (options: ThinkerOptions & Answering = {}): Role => {
  const { name = "thinker", grader, prompts } = options
  const templatesOf = ({ dataset }: Task): ThinkerTemplates => prompts ?? promptsFor(dataset).thinker
  const readAnswer = proposalReader(grader)
  return {
    name,
    prompt: (view) =>
      lazyPrompt(() => {
        const { system, step, finish, continues } = templatesOf(view.task)
        const values = placeValues(view)
        const user = view.options?.includes("step") === false ? finish : step
        const messages: ReadonlyArray<Message> = [
          { role: "system", content: fill(system, values) },
          { role: "user", content: fill(user, values) }
        ]
        const { steps = [] } = view
        if (continues === undefined || steps.length === 0) return messages
        const begun = steps.map((said) => said + continues).join("")
        return [...messages, { role: "assistant", content: begun }]
      }),
    stop: (view) => {
      if (view.options?.includes("step") === false) return []
      const { stop = [] } = templatesOf(view.task)
      const values = placeValues(view)
      return stop.map((string) => fill(string, values))
    },
    read: (view, text) => {
      if (view.options?.includes("step") === false || statesFinalAnswer(text)) return readAnswer(view, text)
      return text.trim() === ""
        ? { kind: "unreadable", expected: "comment", reason: "the step says nothing" }
        : { kind: "comment" }
    }
  }
}
