import type { Judge, SentenceReading } from "./reading.ts"
import { hedges } from "./statement.ts"

const number = "[-+]?[$€£]?\\d[\\d,]{0,20}(?:\\.\\d{1,12})?"
const equation = new RegExp(`(?:^|[\\s,;:(])([^=]{1,80})=\\s{0,3}(${number})(?: ?[a-zA-Z%]{1,15})?[.!]?$`)
const difference = new RegExp(`^\\s{0,3}(${number})\\s{0,3}[-−–]\\s{0,3}(${number})\\s{0,3}$`)
const reported =
  /\b(?:propos\w{1,5}|they|their|he|she|his|her|wrote|solution|student|not|instead|wrong|mistake|forg\w{1,5})\b/i

/**
 * The calculation that the reasons end with: one that comes to the pending answer confirms it, and a difference between a number and the
 * pending answer (`24-26=-2`) confirms it where it is 0 and denies it elsewhere.
 */
export const readCalculation = (sentence: string, judge: Judge): SentenceReading => {
  if (reported.test(sentence) || hedges.test(sentence.toLowerCase())) return undefined
  const found = equation.exec(sentence)
  const result = found?.[2]
  if (found === null || result === undefined) return undefined
  if (judge(result) === true) return { says: "right", from: "calculation" }
  const [, , subtracted] = difference.exec(found[1] ?? "") ?? []
  if (subtracted === undefined || judge(subtracted) !== true) return undefined
  return { says: Number(result.replace(/[^\d.]/g, "")) === 0 ? "right" : "wrong", from: "calculation" }
}
