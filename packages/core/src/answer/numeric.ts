import { type AnswerMark, answerMarks, beforeNextQuestion, believed, maximumContent } from "./final-answer.ts"
import { answered, type Grader, type ReadAnswer, sameCanonical, unreadable } from "./grader.ts"
import { type FoundNumber, firstNumber, lastNumber, plain } from "./plain-arithmetic.ts"
import { print } from "./rational.ts"

const sentence = (content: string): string => {
  const line = content.split("\n").find((part) => /[\p{L}\p{N}]/u.test(part)) ?? ""
  const end = /[.;!?]\s+\p{Lu}/u.exec(line)
  return end === null ? line : line.slice(0, end.index + 1)
}

/** The number that an answer's words state: the first one, or the right side of an equation such as `3 + 4 = 7`. */
const stated = (content: string): FoundNumber | undefined => {
  const words = plain(sentence(content))
  const equals = words.lastIndexOf("=")
  if (equals >= 0) {
    const left = words.slice(0, words.indexOf("="))
    const isFormula = !/^[\s$€£¥₹+-]*[\d.]/.test(left) || /[+*/^]|\d\s*-|\d[a-z]\b/.test(left)
    const right = isFormula ? firstNumber(words.slice(equals + 1)) : undefined
    if (right !== undefined) return right
  }
  return firstNumber(words)
}

const asAnswer = (text: string, number: FoundNumber | undefined): ReadAnswer =>
  number === undefined ? unreadable("no number was found") : answered(text, print(number.value))

/** The last number of an utterance without a marker is looked for in so many characters at its end. */
const searched = 3000

const fromMark = (mark: AnswerMark): ReadAnswer => {
  const number = stated(mark.content)
  return asAnswer(sentence(mark.content).trim(), number)
}

/**
 * Numbers, as GSM8K's: read from a final-answer line or a box, else the last number of the text; equal when their
 * exact values are. Currency, units, percent signs and thousands separators do not count.
 */
export const numericGrader: Grader = {
  name: "numeric",
  read(text) {
    const marks = answerMarks(text)
    for (const mark of believed(marks)) {
      const answer = fromMark(mark)
      if (answer.kind === "answer") return answer
    }
    if (marks.some((mark) => mark.strength === "final")) return unreadable("the final answer holds no number")
    const own = plain(beforeNextQuestion(text).slice(-searched))
    const last = lastNumber(own)
    return asAnswer(last === undefined ? "" : own.slice(last.start, last.end), last)
  },
  gold(text) {
    const at = text.lastIndexOf("####")
    const bare = (at < 0 ? text : text.slice(at + 4)).trim().slice(0, maximumContent)
    return asAnswer(bare, stated(bare))
  },
  equal: sameCanonical
}
