import type { Reading } from "../transcript.ts"

/** A reading in a few words, as events carry it. */
export const describeReading = (reading: Reading): string => {
  switch (reading.kind) {
    case "proposal":
      return `proposal ${reading.answer.canonical}`
    case "verdict":
      return `verdict ${reading.verdict}`
    case "comment":
      return "comment"
    case "choice":
      return `choice ${reading.choice}`
    case "score":
      return `score ${reading.score}`
    case "unreadable":
      return `unreadable ${reading.reason}`
  }
}
