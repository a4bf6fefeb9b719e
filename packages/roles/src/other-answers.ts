import type { TranscriptEntry, View } from "@tracer-sdk/core"
import { isProposal } from "./pending-reviews.ts"

/** The last answer of everybody who answers in the transcript. */
export const otherAnswers = ({ transcript }: View): ReadonlyArray<TranscriptEntry> => {
  const last = new Map<string, TranscriptEntry>()
  for (const entry of transcript) {
    if (isProposal(entry)) last.set(JSON.stringify([entry.agent, entry.seat]), entry)
  }
  return [...last.values()]
}

/** The answer that comes most often among them, of several alike the first; absent where none can be read. */
export const commonestAnswer = (view: View): string | undefined => {
  const counts = new Map<string, { readonly text: string; count: number }>()
  for (const { reading } of otherAnswers(view)) {
    if (reading?.kind !== "proposal") continue
    const { canonical, text } = reading.answer
    const counted = counts.get(canonical)
    if (counted === undefined) counts.set(canonical, { text, count: 1 })
    else counted.count += 1
  }
  const most = Math.max(...[...counts.values()].map(({ count }) => count))
  return [...counts.values()].find(({ count }) => count === most)?.text
}
