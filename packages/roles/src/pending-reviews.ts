import type { TranscriptEntry, Verdict, View } from "@tracer-sdk/core"

/** Whether an entry is an answer, readable or not. */
export const isProposal = ({ reading }: TranscriptEntry): boolean =>
  reading?.kind === "proposal" || (reading?.kind === "unreadable" && reading.expected === "proposal")

/** Whether an entry chooses among options, as in who speaks next, readably or not. */
export const isChoice = ({ reading }: TranscriptEntry): boolean =>
  reading?.kind === "choice" || (reading?.kind === "unreadable" && reading.expected === "choice")

/**
 * What was said about the pending answer: what says that it is about it, and otherwise what was said since the last proposal; silent turns
 * and choices of who speaks next are left out.
 */
export const pendingReviews = ({ transcript, pending }: View): ReadonlyArray<TranscriptEntry> => {
  const isPending = ({ text, round }: TranscriptEntry): boolean =>
    pending?.round === undefined ? text === pending?.text : round === pending.round
  const proposed = transcript.findLast((entry) => isProposal(entry) && isPending(entry))
  const last = transcript.findLastIndex(isProposal)
  return transcript.filter((entry, i) => {
    const { text, reading, about } = entry
    if (text === undefined || reading === undefined || isChoice(entry)) return false
    return about === undefined || proposed === undefined ? i > last : about === proposed.round
  })
}

/** The latest readable verdict on the pending answer. */
export const lastVerdict = (view: View): Verdict | undefined => {
  const reading = pendingReviews(view).findLast((entry) => entry.reading?.kind === "verdict")?.reading
  return reading?.kind === "verdict" ? reading.verdict : undefined
}
