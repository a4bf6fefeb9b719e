import type { TranscriptEntry, Verdict, View } from "@tracer-sdk/core"

/** Whether an entry is an answer, readable or not. */
export const isProposal = ({ reading }: TranscriptEntry): boolean =>
  reading?.kind === "proposal" || (reading?.kind === "unreadable" && reading.expected === "proposal")

/** What was said since the pending answer was proposed; silent turns are left out. */
export const pendingReviews = ({ transcript }: View): ReadonlyArray<TranscriptEntry> =>
  transcript
    .slice(transcript.findLastIndex(isProposal) + 1)
    .filter(({ text, reading }) => text !== undefined && reading !== undefined)

/** The latest readable verdict on the pending answer. */
export const lastVerdict = (view: View): Verdict | undefined => {
  const reading = pendingReviews(view).findLast((entry) => entry.reading?.kind === "verdict")?.reading
  return reading?.kind === "verdict" ? reading.verdict : undefined
}
