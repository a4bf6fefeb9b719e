import type { Answer, Grader, Verdict } from "../../answer/index.ts"
import { readCalculation } from "./calculation.ts"
import type { Contradiction, Judge } from "./reading.ts"
import { readStatedAnswer } from "./stated-answer.ts"
import { readStatement } from "./statement.ts"

const maximumText = 12_000
const maximumSentence = 400

const verdictAlone =
  /^(?:(?:my |the |our |final ){0,2}(?:verdict|judge?ment|decision|conclusion|assessment)\b)?[\s:=-]*(?:right|wrong|correct|incorrect)?[\s.!]*$/i
/** Markdown's emphasis; a star between two numbers is a product. */
const emphasis = /\*\*|(?<![\d)]\s?)\*|\*(?!\s?[\d(])|[_`#]/g
/** Who thinks again may have changed their mind, whatever they said before. */
const secondThought =
  /\b(?:second thought|wait|scratch that|i was wrong|my mistake|correction|on reflection)\b/i

/** The sentences of a review, without those that hold nothing but its verdict. */
const reasonsOf = (text: string): ReadonlyArray<string> =>
  text
    .slice(-maximumText)
    .replace(emphasis, "")
    .replaceAll("’", "'")
    .split("\n")
    .flatMap((line) => line.split(/(?<=[.!?;])\s/))
    .map((sentence) => sentence.trim().slice(0, maximumSentence))
    .filter((sentence) => sentence !== "" && !verdictAlone.test(sentence))

/**
 * Finds a verdict that its own reasons contradict: the last thing that they say of the pending answer is clear, and the opposite.
 *
 * Clear are words about the answer itself (`the answer is correct`), a statement of what the answer should be, compared with the pending
 * one by the task's grader (`so the answer should be 12`), and a calculation at their very end. Where that last thing is hedged, asked,
 * conditional, reported of others, or denied in a way that is not understood, or where second thoughts follow it, nothing is found; a step's
 * being right or wrong does not count. Never throws; time grows with the text's length alone.
 */
export const contradictionOf = (
  text: string,
  verdict: Verdict,
  pending: Answer | undefined,
  grader: Grader
): Contradiction | undefined => {
  const judge: Judge = (stated) => {
    const read = pending === undefined ? undefined : grader.read(`Final answer: ${stated}`)
    if (pending === undefined || read?.kind !== "answer") return undefined
    return read.answer.canonical === pending.canonical || grader.equal(read.answer, pending)
  }
  const reasons = reasonsOf(text)
  for (const [i, sentence] of [...reasons.entries()].reverse()) {
    const isLast = i === reasons.length - 1
    const said =
      readStatedAnswer(sentence, judge) ??
      readStatement(sentence) ??
      (isLast ? readCalculation(sentence, judge) : undefined)
    if (said === "unclear") return undefined
    if (said !== undefined) return said.says === verdict ? undefined : { ...said, quote: sentence }
    if (secondThought.test(sentence)) return undefined
  }
  return undefined
}
