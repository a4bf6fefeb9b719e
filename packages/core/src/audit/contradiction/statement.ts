import type { SentenceReading } from "./reading.ts"

const noun = "(?:answer|solution|result|proposal|conclusion)"
export const hedges =
  /\?$|\b(?:if|whether|would|could|might|may|maybe|perhaps|assum\w{1,6}|suppos\w{1,6}|unless|unsure|not sure|but|however|although|though|except|apart from|until|up to|so far|claim\w{0,3}|says|said|according)\b/
/** Words before a statement that may turn it around. */
const turned =
  /\b(?:not|never|no|nothing|nobody|none|neither|nor|hardly|cannot|without|doubt\w{0,5}|den(?:y|ies|ied)|false|wrong|untrue|unlikely|fail\w{0,3}|reject\w{0,3}|refut\w{1,3}|disprov\w{1,3}|disagree\w{0,1}|\w{2,7}n't)\b/
/** As in `I do not think that the proposed answer is correct`: what follows is denied. */
const disbelief =
  /^(?:(?:so|thus|hence|therefore|overall)?,? ?)i (?:do not|don't|cannot|can't) (?:think|believe|agree)(?: that)?(?: (?:the|this|that|their|your|its))?(?: \w{1,12}){0,2} ?$/

const judged = new RegExp(
  `\\b${noun}(?: of \\S{1,20}| [-$\\d]\\S{0,20})?,? (?:is|was|seems|looks|appears)(n't)?(?: to be)?((?: \\w{1,12}){0,3}?) (right|correct|accurate|valid|wrong|incorrect|inaccurate|invalid|false)(?=[.!,;: ]|$)`
)
/** Words between `is` and `correct` that leave the meaning as it is. */
const emphasis =
  /^(?: (?:indeed|clearly|definitely|certainly|obviously|actually|also|thus|therefore|absolutely|completely|entirely|totally|fully|exactly|quite|still|just|simply|both|in|fact))*$/
const denial = /^ (?:not|never|hardly)\b/
const compared = new RegExp(
  `\\b(?:(agree|agrees|matches|match|confirms|confirm|equals|is the same as)|(disagree|disagrees|differs|differ|contradicts))(?: (?:with|from))? (?:the|this|that|their|your|its)(?: \\w{1,12}){0,2} ${noun}\\b`
)
const deniedComparison = /\b(?:(?:do|does|did)(?: not|n't)|cannot|can't|never) $/

const opposite = { right: "wrong", wrong: "right" } as const

/** Words about the answer: `the proposed answer is correct`, `this does not match the answer`. */
export const readStatement = (sentence: string): SentenceReading => {
  const lower = sentence.toLowerCase()
  const words = judged.exec(lower)
  const comparison = words === null ? compared.exec(lower) : null
  const found = words ?? comparison
  if (found === null) return undefined
  if (hedges.test(lower)) return "unclear"
  const before = lower.slice(0, found.index)
  if (words !== null) {
    const between = words[2] ?? ""
    const isDenied = words[1] !== undefined || denial.test(between)
    const isBelieved = !disbelief.test(before)
    if (isBelieved && turned.test(before)) return "unclear"
    if (!emphasis.test(between.replace(denial, ""))) return "unclear"
    const says = /^(?:right|correct|accurate|valid)$/.test(words[3] ?? "") ? "right" : "wrong"
    return { says: isDenied === isBelieved ? opposite[says] : says, from: "statement" }
  }
  const isDenied = deniedComparison.test(before)
  if (turned.test(before.replace(deniedComparison, ""))) return "unclear"
  const says = comparison?.[1] === undefined ? "wrong" : "right"
  return { says: isDenied ? opposite[says] : says, from: "statement" }
}
