import type { Reading } from "@tracer-sdk/core"
import { readReview } from "./read-review.ts"

/** A choice is looked for in so many characters before the end, and in so many of each line. */
const longestEnd = 4_000
const longestLine = 400

const marker = /^(?:next(?: speaker)?|choice|selected)\s?(?::|=|\bis\b)\s?/i

/** A line without the markup around and within it. Names keep their underscores. */
const tidy = (line: string): string =>
  line
    .slice(0, longestLine)
    .replaceAll(/[*`"“”]/g, "")
    .replace(/^[\s_#>[\]'-]+/, "")
    .trim()

const words = (text: string): string =>
  ` ${text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim()} `

/** The option that a line names alone or, after a marker, as the only one in it, whatever its case. */
const named = (line: string, options: ReadonlyArray<string>): string | undefined => {
  const said = line.replace(marker, "")
  const names = words(said)
  const exact = [said, said.replace(/\.$/, "")].map((name) => name.toLowerCase())
  const alone =
    options.find((option) => option === said) ??
    options.find((option) => exact.includes(option.toLowerCase())) ??
    options.find((option) => words(option) === names)
  if (alone !== undefined || said === line) return alone
  const mentioned = options.filter((option) => names.includes(words(option)))
  const within = (option: string) =>
    mentioned.some((other) => other !== option && words(other).includes(words(option)))
  const [only, ...others] = mentioned.filter((option) => !within(option))
  return others.length === 0 ? only : undefined
}

/** RIGHT leaves nothing to be said, WRONG gives the word to the first of the others. */
const byVerdict = (text: string, options: ReadonlyArray<string>, end: string): string | undefined => {
  const review = readReview(text)
  if (review.kind !== "verdict") return undefined
  return options.find((option) => (option === end) === (review.verdict === "right"))
}

/**
 * Reads one of the options: the last line that names one, alone or after `Next:`. Where there is none, a verdict decides: RIGHT is the
 * option `end`, WRONG the first other one.
 */
export const readChoice = (text: string, options: ReadonlyArray<string>, end: string): Reading => {
  const lines = text.slice(-longestEnd).split("\n").map(tidy)
  const choices = lines.flatMap((line) => named(line, options) ?? [])
  const choice = choices.at(-1) ?? byVerdict(text, options, end)
  return choice === undefined
    ? { kind: "unreadable", expected: "choice", reason: "it names none of the options" }
    : { kind: "choice", choice }
}
