import type { Reading, View } from "@tracer-sdk/core"
import { commonestAnswer, otherAnswers } from "./other-answers.ts"
import { isChoice, lastVerdict, pendingReviews } from "./pending-reviews.ts"
import { promptsFor } from "./prompts/prompts-for.ts"

const oneLine = (text: string): string =>
  text
    .split("\n")
    .flatMap((line) => line.trim() || [])
    .join(" ")

const lastLine = (text: string): string => text.trim().split("\n").at(-1)?.trim() ?? ""

const lettered = (choices: ReadonlyArray<string>): string =>
  choices.map((choice, i) => `${String.fromCharCode(65 + i)}) ${choice}`).join("\n")

/** What a review comes to, as in `, WRONG` or `, score 0.8`; nothing where it is no judgement. */
const judgementIn = (reading: Reading | undefined): string => {
  switch (reading?.kind) {
    case "verdict":
      return `, ${reading.verdict.toUpperCase()}`
    case "score":
      return `, score ${reading.score}`
    case "unreadable":
      return reading.expected === "comment" ? "" : `, no clear ${reading.expected}`
    default:
      return ""
  }
}

const reviewsOf = (view: View): string => {
  const reviews = pendingReviews(view)
  if (reviews.length === 0) return "Nobody has reviewed it."
  return reviews
    .map(({ agent, text = "", reading }) => `- ${agent}${judgementIn(reading)}: ${oneLine(text)}`)
    .join("\n")
}

/** The steps as one text, as the thinker of the data set would have said them at once. */
const joinedSteps = ({ task, steps = [] }: View): string =>
  steps.join(promptsFor(task.dataset).thinker.continues ?? "\n").trim()

const numberedSteps = ({ steps = [] }: View): string =>
  steps.length === 0
    ? "None yet."
    : steps
        .map(
          (said, i) =>
            `Step ${i + 1}: ${said.trim().replace(/^[*_#\s]{0,6}step\s{1,3}\d{1,3}[:.)*_\s]{1,6}/i, "")}`
        )
        .join("\n")

const othersOf = (view: View): string => {
  const others = otherAnswers(view)
  if (others.length === 0) return "Nobody else has answered."
  return others.map(({ agent, text = "" }) => `Answer of ${agent}:\n${text.trim()}`).join("\n\n")
}

const dialogueOf = ({ transcript }: View): string => {
  const said = transcript.filter((entry) => entry.text !== undefined && !isChoice(entry))
  if (said.length === 0) return "Nobody has spoken."
  return said.map(({ agent, seat, text = "" }) => `${agent} (${seat}):\n${text.trim()}`).join("\n\n")
}

/** What a view puts in a template's places; each value is made when its place is met. */
export const placeValues = (view: View): Readonly<Record<string, () => string>> => {
  const { task, pending, steps } = view
  const pendingText = () => (steps === undefined ? (pending?.text ?? "") : joinedSteps(view))
  const ownAnswer = () => pending?.answer?.text ?? lastLine(pendingText())
  return {
    question: () => task.question,
    choices: () => (task.choices === undefined ? "" : `\n\nChoices:\n${lettered(task.choices)}`),
    pending: () => pendingText().trim(),
    answer: ownAnswer,
    line: () => oneLine(pendingText()),
    steps: () => numberedSteps(view),
    next: () => String((steps?.length ?? 0) + 1),
    after: () => String((steps?.length ?? 0) + 2),
    verdict: () => lastVerdict(view)?.toUpperCase() ?? "unreviewed",
    reviews: () => reviewsOf(view),
    others: () => othersOf(view),
    other: () => commonestAnswer(view) ?? ownAnswer(),
    dialogue: () => dialogueOf(view),
    options: () => (view.options ?? []).map((option) => `- ${option}`).join("\n")
  }
}
