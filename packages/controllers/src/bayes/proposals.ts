import type { Answer, TranscriptEntry, View } from "@tracer-sdk/core"

/** What an agent said of an answer. */
export interface GivenVerdict {
  readonly agent: string
  readonly right: boolean
}

/** A proposal of a dialogue, with all the verdicts on it. */
export interface JudgedProposal {
  readonly agent: string
  readonly round: number
  readonly text: string
  /** Absent where the proposal could not be read. */
  readonly answer?: Answer
  readonly verdicts: ReadonlyArray<GivenVerdict>
}

/** What an utterance is: a proposal, a judgement, or anything else. */
export type SpeechKind = "proposal" | "judgement" | "other"

/** The kind of an utterance, readable or not. */
export const speechKind = ({ reading }: Pick<TranscriptEntry, "reading">): SpeechKind => {
  const kind = reading?.kind === "unreadable" ? reading.expected : reading?.kind
  if (kind === "proposal") return "proposal"
  return kind === "verdict" || kind === "score" ? "judgement" : "other"
}

/** Whether a judgement calls its answer right; `undefined` where it decides nothing, as a score of 1/2 does. */
const judgement = ({ reading }: TranscriptEntry): boolean | undefined => {
  if (reading?.kind === "verdict") return reading.verdict === "right"
  if (reading?.kind !== "score" || reading.score === 0.5) return undefined
  return reading.score > 0.5
}

/**
 * The proposals of a transcript up to the pending one, in their order; all of them where nothing is pending.
 *
 * A verdict is on the proposal that it says it is about, or else on the last one before it.
 */
export const proposalsIn = ({
  transcript,
  pending
}: Pick<View, "transcript" | "pending">): ReadonlyArray<JudgedProposal> => {
  const proposals: Array<JudgedProposal & { readonly verdicts: Array<GivenVerdict> }> = []
  for (const entry of transcript) {
    const { agent, round, text = "", reading, about } = entry
    if (speechKind(entry) === "proposal") {
      const answer = reading?.kind === "proposal" ? { answer: reading.answer } : {}
      proposals.push({ agent, round, text, ...answer, verdicts: [] })
      continue
    }
    const right = judgement(entry)
    if (right === undefined) continue
    const judged =
      about === undefined ? proposals.at(-1) : proposals.findLast((proposal) => proposal.round === about)
    judged?.verdicts.push({ agent, right })
  }
  const last = proposals.findLastIndex(({ text, round }) =>
    pending?.round === undefined ? text === pending?.text : round === pending.round
  )
  return last === -1 ? proposals : proposals.slice(0, last + 1)
}
