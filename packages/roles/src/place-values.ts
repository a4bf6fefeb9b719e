import type { View } from "@tracer-sdk/core"
import { lastVerdict, pendingReviews } from "./pending-reviews.ts"

const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/g, " ").trim()

const lastLine = (text: string): string => text.trim().split("\n").at(-1)?.trim() ?? ""

const lettered = (choices: ReadonlyArray<string>): string =>
  choices.map((choice, i) => `${String.fromCharCode(65 + i)}) ${choice}`).join("\n")

const reviewsOf = (view: View): string => {
  const reviews = pendingReviews(view)
  if (reviews.length === 0) return "Nobody has reviewed it."
  return reviews
    .map(({ agent, text = "", reading }) => {
      const verdict = reading?.kind === "verdict" ? reading.verdict.toUpperCase() : "no clear verdict"
      return `- ${agent}, ${verdict}: ${oneLine(text)}`
    })
    .join("\n")
}

/** What a view puts in a template's places; each value is made when its place is met. */
export const placeValues = (view: View): Readonly<Record<string, () => string>> => {
  const { task, pending } = view
  return {
    question: () => task.question,
    choices: () => (task.choices === undefined ? "" : `\n\nChoices:\n${lettered(task.choices)}`),
    pending: () => pending?.text.trim() ?? "",
    answer: () => pending?.answer?.text ?? lastLine(pending?.text ?? ""),
    line: () => oneLine(pending?.text ?? ""),
    verdict: () => lastVerdict(view)?.toUpperCase() ?? "unreviewed",
    reviews: () => reviewsOf(view)
  }
}
