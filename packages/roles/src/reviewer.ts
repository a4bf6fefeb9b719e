import { type Reading, type Role, readVerdict } from "@tracer-sdk/core"
import { Schema } from "effect"
import { lazyPrompt } from "./lazy-prompt.ts"
import { memoizedReading } from "./memoized-reading.ts"
import { placeValues } from "./place-values.ts"
import { promptsFor } from "./prompts/prompts-for.ts"
import { fill, ReviewerTemplates } from "./prompts/templates.ts"

/** A reviewer as a configuration states it. */
export const ReviewerOptions = Schema.Struct({
  /** Replaces the prompts of every data set. */
  prompts: Schema.optionalKey(ReviewerTemplates)
})
export type ReviewerOptions = typeof ReviewerOptions.Encoded

const marker = /^[\s*_#>-]{0,8}(?:\d{1,2}[.)]\s?)?[\s*_#>-]{0,8}(?:(?:my|the|our)\s)?(?:final\s)?verdict\b/i

/**
 * The text that holds the verdict: the last line with a verdict marker, with the next line where the verdict stands
 * there; else everything. A reviewer who reasons first says right and wrong often before it decides.
 */
const verdictText = (text: string): string => {
  const lines = text.split("\n").filter((line) => line.trim() !== "")
  const at = lines.findLastIndex((line) => marker.test(line))
  const line = lines[at]
  if (line === undefined) return text
  const announced = /verdict[\s*_:]*$/i.test(line.slice(-40))
  return announced ? `${line} ${lines[at + 1] ?? ""}` : line
}

/** Reads RIGHT or WRONG from a review. */
export const readReview = (text: string): Reading => {
  const read = readVerdict(verdictText(text))
  return read.kind === "verdict" ? read : { kind: "unreadable", expected: "verdict", reason: read.reason }
}

/** The role that judges the pending answer, or reasoning that has none yet, RIGHT or WRONG. */
export const reviewer = (options: ReviewerOptions & { readonly name?: string } = {}): Role => {
  const { name = "reviewer", prompts } = options
  const read = memoizedReading<undefined>(readReview)
  return {
    name,
    prompt: (view) =>
      lazyPrompt(() => {
        const { system, user, partial = user } = prompts ?? promptsFor(view.task.dataset).reviewer
        const values = placeValues(view)
        const unfinished = view.steps !== undefined && view.pending?.answer === undefined
        return [
          { role: "system", content: fill(system, values) },
          { role: "user", content: fill(unfinished ? partial : user, values) }
        ]
      }),
    read: (_view, text) => read(text, undefined)
  }
}
