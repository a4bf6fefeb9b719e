import { type Reading, readVerdict } from "@tracer-sdk/core"

const marker = /^[\s*_#>-]{0,8}(?:\d{1,2}[.)]\s?)?[\s*_#>-]{0,8}(?:(?:my|the|our)\s)?(?:final\s)?verdict\b/i

/** Whether a line begins by stating the verdict, as in `Verdict: RIGHT`, or announces it. */
export const announcesVerdict = (line: string): boolean => marker.test(line)

/**
 * The text that holds the verdict: the last line with a verdict marker, with the next line where the verdict stands
 * there; else everything. A reviewer who reasons first says right and wrong often before it decides.
 */
const verdictText = (text: string): string => {
  const lines = text.split("\n").filter((line) => line.trim() !== "")
  const at = lines.findLastIndex(announcesVerdict)
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
