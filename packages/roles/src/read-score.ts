import type { Reading } from "@tracer-sdk/core"
import { readReview } from "./read-review.ts"

/** A score is looked for in so many characters before the end, and in so many of each line. */
const longestEnd = 4_000
const longestLine = 400

const marker =
  /(?:score|probability|confidence)(?:\s?\([^()]{0,40}\))?[\s*_`]{0,6}(?::|=|\bis\b)[\s*_`]{0,6}(-?(?:\d{1,9}(?:[.,]\d{0,18})?|\.\d{1,18}))\s?(%|\/\s?\d{1,9})?/gi

const scaled = (number: number, unit: string | undefined): number => {
  if (unit === undefined) return number
  return number / (unit === "%" ? 100 : Number(unit.slice(1)))
}

/**
 * Reads a score from 0 to 1: the last of `Score: 0.8`, `Score: 80%` or `Score: 8/10`. Where there is none, a verdict RIGHT or WRONG is read
 * in its place.
 */
export const readScore = (text: string): Reading => {
  const lines = text.slice(-longestEnd).split("\n")
  const found = lines.flatMap((line) => [...line.slice(0, longestLine).matchAll(marker)]).at(-1)
  if (found === undefined) {
    const review = readReview(text)
    return review.kind === "verdict"
      ? review
      : { kind: "unreadable", expected: "score", reason: "it holds neither a score nor a verdict" }
  }
  const score = scaled(Number(found[1]?.replace(",", ".")), found[2])
  return score >= 0 && score <= 1
    ? { kind: "score", score }
    : { kind: "unreadable", expected: "score", reason: "the score is not from 0 to 1" }
}
