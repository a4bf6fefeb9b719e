import type { Reading } from "@tracer-sdk/core"
import { announcesVerdict, readReview } from "./read-review.ts"

/** A score is looked for in so many characters before the end, and in so many at the end of each line. */
const longestEnd = 4_000
const longestLine = 400

const named = String.raw`\b(?:score|probability|confidence)(?:\s(?:that|of)\b[^\n:=]{0,60}?\b(?:correct|right))?`
const remark = String.raw`(?:\s?\([^()]{0,40}\))?`
const equals = String.raw`[\s*_${"`"}]{0,6}(?::|=|\bis\b)[\s*_${"`"}<[($]{0,6}(?:\\boxed\{)?`
const number = String.raw`(-?(?:\d{1,9}(?:[.,]\d{0,18})?|\.\d{1,18})(?:e[-+]?\d{1,3})?)`
const unit = String.raw`\s?(\\?%|(?:\/|out of)\s?\d{1,9})?`
const marker = new RegExp(named + remark + equals + number + unit, "gi")

const scaled = (value: number, per: string | undefined): number => {
  if (per === undefined) return value
  return value / (per.endsWith("%") ? 100 : Number(per.replace(/^\D+/, "")))
}

/**
 * Reads a score from 0 to 1: the last of `Score: 0.8`, `Score: 80%` or `Score: 8/10`. Where there is none, or a line with a verdict comes
 * after it, RIGHT or WRONG is read in its place.
 */
export const readScore = (text: string): Reading => {
  const lines = text.slice(-longestEnd).split("\n")
  const scores = lines.map((line) => [...line.slice(-longestLine).matchAll(marker)].at(-1))
  const at = scores.findLastIndex((score) => score !== undefined)
  const found = scores[at]
  if (found === undefined || lines.findLastIndex(announcesVerdict) > at) {
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
