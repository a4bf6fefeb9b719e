import type { Role } from "@tracer-sdk/core"
import { Schema } from "effect"
import { memoizedReading } from "./memoized-reading.ts"
import { promptsFor } from "./prompts/prompts-for.ts"
import { ReviewerTemplates } from "./prompts/templates.ts"
import { readReview } from "./read-review.ts"
import { askToJudge } from "./reviewer.ts"
import { templatedRole } from "./templated-role.ts"

/** A critic as a configuration states it. */
export const CriticOptions = Schema.Struct({
  /** Replaces the prompts of every data set. */
  prompts: Schema.optionalKey(ReviewerTemplates)
})
export type CriticOptions = typeof CriticOptions.Encoded

/** The role that says what is wrong with the pending answer and how to mend it, and ends with the verdict RIGHT or WRONG. */
export const critic = ({
  name = "critic",
  prompts
}: CriticOptions & { readonly name?: string } = {}): Role => {
  const read = memoizedReading<undefined>(readReview)
  return templatedRole(
    name,
    (view) => askToJudge(prompts ?? promptsFor(view.task.dataset).critic, view),
    (_view, text) => read(text, undefined)
  )
}
