import type { Answer, Grader, Verdict } from "../answer/index.ts"

/** What a verdict's own reasons say of the pending answer, against the verdict. */
export interface Contradiction {
  readonly says: Verdict
  /** What it is read from: words about the answer, another answer that is stated, or the last calculation. */
  readonly from: "statement" | "answer" | "calculation"
  /** The sentence that says so. */
  readonly quote: string
}

/** What a sentence says of the pending answer, if it clearly says something. */
type Reader = (sentence: string, judge: Judge) => Omit<Contradiction, "quote"> | undefined

/** Compares a stated value with the pending answer; `undefined` where one of them cannot be read. */
type Judge = (stated: string) => boolean | undefined

const maximumText = 12_000
const maximumSentence = 400

const noun = "(?:answer|solution|result|proposal|conclusion)"
const hedges =
  /\?$|\b(?:if|whether|would|could|might|may|maybe|perhaps|assum\w{1,6}|suppos\w{1,6}|unless|unsure|not sure|but|however|although|though|except|apart from|until|up to|so far|claim\w{0,3}|says|said|according)\b/
const negation = /\b(?:not|never|hardly|cannot|\w{2,7}n't)\b/

const judged = new RegExp(
  `\\b${noun}(?: of \\S{1,20}| [-$\\d]\\S{0,20})?,? (?:is|was|seems|looks|appears)(?: to be)?((?: \\w{1,12}){0,3}?) (right|correct|accurate|valid|wrong|incorrect|inaccurate|invalid|false)(?=[.!,;: ]|$)`
)
const compared = new RegExp(
  `\\b(?:(agree|agrees|matches|match|confirms|confirm|equals|is the same as)|(disagree|disagrees|differs|differ|contradicts))(?: (?:with|from))? (?:the|this|that|their|your|its)(?: \\w{1,12}){0,2} ${noun}\\b`
)

/** Words about the answer: `the proposed answer is correct`, `this does not match the answer`. */
const statement: Reader = (sentence) => {
  const lower = sentence.toLowerCase()
  if (hedges.test(lower)) return undefined
  const words = judged.exec(lower)
  if (words !== null) {
    const isPositive = /^(?:right|correct|accurate|valid)$/.test(words[2] ?? "")
    const says = isPositive === negation.test(words[1] ?? "") ? "wrong" : "right"
    return { says, from: "statement" }
  }
  const comparison = compared.exec(lower)
  if (comparison === null) return undefined
  const isNegated = negation.test(lower.slice(Math.max(0, comparison.index - 20), comparison.index))
  return { says: (comparison[1] !== undefined) === isNegated ? "wrong" : "right", from: "statement" }
}

const due = "(?:should|must|has to|ought to) (?:be|equal|come to)"
/** Nouns that mean the task's answer, whoever says so. */
const final = new RegExp(
  `\\b(?:answer|solution|final (?:result|value|total)) ${due} (.+)|\\b(?:correct|right|true|actual|real) (?:answer|solution|result) (?:is|equals|=|:) ?(.+)|\\b(?:so|thus|therefore|hence),? (?:the )?(?:final )?(?:answer|solution) (?:is|equals|=) ?(.+)`,
  "i"
)
/** Words that may mean a step on the way: they count where they name the pending answer itself. */
const passing = new RegExp(
  `\\b(?:it|result|total|sum) ${due} (.+)|\\bi (?:get|got|obtain|compute|find) (.+)`,
  "i"
)
const endOfValue = /[,;:](?:\s|$)|\.(?:\s|$)|!| (?:not|instead|rather|because|since|as|and|which|so)\b/

/** Another answer, or the pending one, that is said to be the right one: `so the answer should be 12`. */
const statedAnswer: Reader = (sentence, judge) => {
  if (
    /\?$|\b(?:if|whether|unless|suppos\w{1,6}|assum\w{1,6}|claim\w{0,3}|says|said|according)\b/i.test(
      sentence
    )
  ) {
    return undefined
  }
  const valueIn = (found: RegExpExecArray | null): string | undefined =>
    found
      ?.slice(1)
      .find((group) => group !== undefined)
      ?.split(endOfValue)[0]
      ?.trim()
  const stated = valueIn(final.exec(sentence))
  const isPending = stated === undefined || stated === "" ? undefined : judge(stated)
  if (isPending !== undefined) return { says: isPending ? "right" : "wrong", from: "answer" }
  const value = valueIn(passing.exec(sentence))
  return value !== undefined && value !== "" && judge(value) === true
    ? { says: "right", from: "answer" }
    : undefined
}

const number = "[-+]?[$€£]?\\d[\\d,]{0,20}(?:\\.\\d{1,12})?"
const equation = new RegExp(`(?:^|[\\s,;:(])([^=]{1,80})=\\s{0,3}(${number})(?: ?[a-zA-Z%]{1,15})?[.!]?$`)
const difference = new RegExp(`^\\s{0,3}(${number})\\s{0,3}[-−–]\\s{0,3}(${number})\\s{0,3}$`)
const reported =
  /\b(?:propos\w{1,5}|they|their|he|she|his|her|wrote|solution|student|not|instead|wrong|mistake|forg\w{1,5})\b/i

/**
 * The calculation that the reasons end with: one that comes to the pending answer confirms it, and a difference between a number and the
 * pending answer (`24-26=-2`) confirms it where it is 0 and denies it elsewhere.
 */
const calculation: Reader = (sentence, judge) => {
  if (reported.test(sentence) || hedges.test(sentence.toLowerCase())) return undefined
  const found = equation.exec(sentence)
  const result = found?.[2]
  if (found === null || result === undefined) return undefined
  if (judge(result) === true) return { says: "right", from: "calculation" }
  const [, , subtracted] = difference.exec(found[1] ?? "") ?? []
  if (subtracted === undefined || judge(subtracted) !== true) return undefined
  return { says: Number(result.replace(/[^\d.]/g, "")) === 0 ? "right" : "wrong", from: "calculation" }
}

const verdictAlone =
  /^(?:(?:my |the |our |final ){0,2}(?:verdict|judge?ment|decision|conclusion|assessment)\b)?[\s:=-]*(?:right|wrong|correct|incorrect)?[\s.!]*$/i

/** The sentences of a review, without those that hold nothing but its verdict. */
const reasonsOf = (text: string): ReadonlyArray<string> =>
  text
    .slice(-maximumText)
    .replace(/[*_`#]/g, "")
    .replaceAll("’", "'")
    .split("\n")
    .flatMap((line) => line.split(/(?<=[.!?;])\s/))
    .map((sentence) => sentence.trim().slice(0, maximumSentence))
    .filter((sentence) => sentence !== "" && !verdictAlone.test(sentence))

/**
 * Finds a verdict that its own reasons contradict: the last thing that they clearly say of the pending answer is the opposite.
 *
 * Clear are words about the answer itself (`the answer is correct`), a statement of what the answer should be, compared with the pending
 * one by the task's grader (`so the answer should be 12`), and a calculation at their very end. What is hedged, asked, conditional or
 * reported of others does not count, nor does a step's being right or wrong. Never throws; time grows with the text's length alone.
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
      statedAnswer(sentence, judge) ??
      statement(sentence, judge) ??
      (isLast ? calculation(sentence, judge) : undefined)
    if (said !== undefined) return said.says === verdict ? undefined : { ...said, quote: sentence }
  }
  return undefined
}
