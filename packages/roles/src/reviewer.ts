import type { Role, View } from "@tracer-sdk/core"
import { Schema } from "effect"
import { memoizedReading } from "./memoized-reading.ts"
import { promptsFor } from "./prompts/prompts-for.ts"
import { ReviewerTemplates } from "./prompts/templates.ts"
import { readReview } from "./read-review.ts"
import { type Asked, templatedRole } from "./templated-role.ts"

/** A reviewer as a configuration states it. */
export const ReviewerOptions = Schema.Struct({
  /** Replaces the prompts of every data set. */
  prompts: Schema.optionalKey(ReviewerTemplates)
})
export type ReviewerOptions = typeof ReviewerOptions.Encoded

/** Asks by `partial` about reasoning that has no answer yet, else by `user`. */
export const askToJudge = ({ system, user, partial = user }: ReviewerTemplates, view: View): Asked => ({
  system,
  user: view.steps !== undefined && view.pending?.answer === undefined ? partial : user
})

/** The role that judges the pending answer, or reasoning that has none yet, RIGHT or WRONG. */
export const reviewer = ({
  name = "reviewer",
  prompts
}: ReviewerOptions & { readonly name?: string } = {}): Role => {
  const read = memoizedReading<undefined>(readReview)
  return templatedRole(
    name,
    (view) => askToJudge(prompts ?? promptsFor(view.task.dataset).reviewer, view),
    (_view, text) => read(text, undefined)
  )
}
