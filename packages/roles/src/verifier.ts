import type { Role } from "@tracer-sdk/core"
import { Schema } from "effect"
import { memoizedReading } from "./memoized-reading.ts"
import { promptsFor } from "./prompts/prompts-for.ts"
import { ReviewerTemplates } from "./prompts/templates.ts"
import { readScore } from "./read-score.ts"
import { askToJudge } from "./reviewer.ts"
import { templatedRole } from "./templated-role.ts"

/** A verifier as a configuration states it. */
export const VerifierOptions = Schema.Struct({
  /** Replaces the prompts of every data set. */
  prompts: Schema.optionalKey(ReviewerTemplates)
})
export type VerifierOptions = typeof VerifierOptions.Encoded

/** The role that says how likely the pending answer, or reasoning that has none yet, is right, from 0 to 1; a verdict is read, too. */
export const verifier = ({
  name = "verifier",
  prompts
}: VerifierOptions & { readonly name?: string } = {}): Role => {
  const read = memoizedReading<undefined>(readScore)
  return templatedRole(
    name,
    (view) => askToJudge(prompts ?? promptsFor(view.task.dataset).verifier, view),
    (_view, text) => read(text, undefined)
  )
}
