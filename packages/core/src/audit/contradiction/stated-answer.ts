import type { Judge, SentenceReading } from "./reading.ts"

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
const unclear = /\?$|\b(?:if|whether|unless|suppos\w{1,6}|assum\w{1,6}|claim\w{0,3}|says|said|according)\b/i
const endOfValue = /[,;:](?:\s|$)|\.(?:\s|$)|!| (?:not|instead|rather|because|since|as|and|which|so)\b/

/** A value and nothing else: a number with a unit, a letter of a choice, LaTeX, yes or no; never `less than 20` or `rounded to 2 places`. */
const bareValue =
  /^(?:[-+($€£["']{0,4}\d\S{0,40}(?: (?!(?:more|less|times|or|to|than|in|by|plus|minus)\b)[a-z€%]{1,15}){0,2}|\(?[A-J]\)?|\$?\\[a-z]{1,10}\{.{1,60}\}\$?|yes|no|true|false)$/

const valueIn = (found: RegExpExecArray | null): string | undefined => {
  const value = found
    ?.slice(1)
    .find((group) => group !== undefined)
    ?.split(endOfValue)[0]
  // Of `3*4 = 12` the last term is what is stated.
  return value?.split("=").at(-1)?.trim()
}

/** Another answer, or the pending one, that is said to be the right one: `so the answer should be 12`. */
export const readStatedAnswer = (sentence: string, judge: Judge): SentenceReading => {
  const stated = valueIn(final.exec(sentence))
  if (stated !== undefined) {
    const isPending = !unclear.test(sentence) && bareValue.test(stated) ? judge(stated) : undefined
    return isPending === undefined ? "unclear" : { says: isPending ? "right" : "wrong", from: "answer" }
  }
  const value = valueIn(passing.exec(sentence))
  return value !== undefined && !unclear.test(sentence) && bareValue.test(value) && judge(value) === true
    ? { says: "right", from: "answer" }
    : undefined
}
