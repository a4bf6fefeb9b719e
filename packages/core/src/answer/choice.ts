import { answerMarks, beforeNextQuestion, believed } from "./final-answer.ts"
import { answered, type Grader, type ReadAnswer, sameCanonical, unreadable } from "./grader.ts"

const unmark = (text: string): string =>
  text
    .replace(/\\(?:text|textbf|mathbf|mathrm|textrm|mbox|boxed|left|right)(?![a-zA-Z])/g, "")
    .replace(/[*_`$"'{}[\]\\]/g, "")

/** Words that may stand between a marker and its letter. */
const hedges =
  /^(?:\s{0,4}(?:option|choice|letter|answer|most likely|likely|probably|definitely|clearly|indeed|therefore|thus|hence|simply|the|correct|best|one|is|:|,)(?![a-zA-Z]))+/i
const otherChoice = /^\s{0,3}(?:\/|,?\s?(?:or|and)\b|,)\s{0,3}\(?[A-J](?![\w'])/

/** The letter with which an answer's words start; absent where they start otherwise, or leave it open. */
const leadingLetter = (content: string): string | undefined => {
  const line = unmark(content.slice(0, 400)).trimStart().split("\n", 1)[0] ?? ""
  const words = line.replace(hedges, "").trimStart()
  const match = /^(?:\(\s?([A-Ja-j])\s?\)|([A-J])(?![\w'])|([a-j])(?=\s*(?:[.):,;]|$)))/.exec(words)
  if (match === null) return undefined
  const after = words.slice(match[0].length)
  // `A large increase` starts with an article; `A because ...` with a choice.
  const isArticle =
    match[2] === "A" &&
    /^\s+[a-z]/.test(after) &&
    !/^\s+(?:because|since|as|is|which|due|for|with)\b/.test(after)
  const isPronoun = match[2] === "I" && /^\s+[a-z]/.test(after)
  if (isArticle || isPronoun || otherChoice.test(after)) return undefined
  return (match[1] ?? match[2] ?? match[3])?.toUpperCase()
}

/** `B is correct`, but not `If B is correct`. */
const judged =
  /(?<![\w'])\(?(?<judged>[A-J])\)?\*{0,2}\s{1,3}(?:is|must\sbe|has\sto\sbe)\s{1,3}(?:clearly\s|indeed\s|therefore\s|thus\s)?(?:the\s)?(?:only\s|most\s|single\s)?(?:correct|right|best)\b/g
const supposed =
  /\b(?:if|whether|suppose|supposing|assume|assuming|that|why|were|how|neither|nor|not|unless)\s{1,3}[*(]{0,3}$/i

const explicit =
  /\((?<paren>[A-J])\)|\*\*\(?(?<bold>[A-J])\)?\.?\*\*|\b(?:[Oo]ption|[Cc]hoice|OPTION|CHOICE)(?:\s{1,3}is\b)?:?\s{1,3}[*(]{0,3}(?<named>[A-J])(?![\w'])|\b(?:[Cc]hoose|[Pp]ick|[Ss]elect)\s{1,3}[*(]{0,3}(?<chosen>[A-J])(?![\w'])|\b(?:[Tt]herefore|[Tt]hus|[Hh]ence|[Ss]o),?\s{1,3}[*(]{0,3}(?<concluded>[A-J])[*)]{0,3}\s?(?:\.|$)/g
const rejected =
  /^[\s*).,:'"]{0,6}(?:(?:is|are|was|can|cannot|can't|seems|must)\s{1,3})?(?:be\s{1,3})?(?:incorrect|wrong|not|false|ruled|eliminated|invalid|excluded|unlikely|out\b|isn't|doesn't|fails)/i
const ruledOut = /\b(?:not|eliminate|exclude|discard|reject|rules?\sout|than|unlike)\s{1,3}[*(]{0,3}$/i
const listItem = /^[\s*_>-]{0,8}[*(]{0,3}([A-J])[*]{0,3}[).:]{1,2}\s?\S/

const isList = (letters: ReadonlyArray<string>, least: number): boolean => new Set(letters).size >= least

/** The last choice that stands as one, as `(C)`, `**C**` or `Option C`, outside a restated list of choices. */
const lastExplicit = (text: string): string | undefined => {
  const lines = text.split("\n").slice(-200)
  const items = lines.flatMap((line) => listItem.exec(line.slice(0, 40))?.[1] ?? [])
  const restated = isList(items, 2)
  let last: string | undefined
  for (const whole of lines) {
    const line = whole.slice(-2000)
    if (restated && listItem.test(line.slice(0, 40))) continue
    const alone = /^[\s*_`$"'([{]{0,8}([A-HJ])[\s*_`$"'.)\]}]{0,8}$/.exec(line)?.[1]
    if (alone !== undefined) last = alone
    const found = [...line.matchAll(explicit)]
    const right = [...line.matchAll(judged)].filter(
      (match) => !supposed.test(line.slice(Math.max(0, match.index - 30), match.index))
    )
    if (
      isList(
        found.map((match) => match.groups?.paren ?? ""),
        3
      )
    ) {
      last = right.at(-1)?.groups?.judged ?? last
      continue
    }
    for (const match of found) {
      const after = line.slice(match.index + match[0].length, match.index + match[0].length + 40)
      const before = line.slice(Math.max(0, match.index - 30), match.index)
      if (rejected.test(after) || ruledOut.test(before) || otherChoice.test(after)) continue
      const groups = match.groups
      last = groups?.paren ?? groups?.bold ?? groups?.named ?? groups?.chosen ?? groups?.concluded
    }
    last = right.at(-1)?.groups?.judged ?? last
  }
  return last
}

/** A choice without a marker is looked for in so many characters at the end. */
const searched = 6000

const asAnswer = (text: string, letter: string | undefined, reason: string): ReadAnswer =>
  letter === undefined ? unreadable(reason) : answered(text, letter)

/** Letters of multiple choice, A to J, as GPQA's: of a final-answer line or a box, else the last explicit choice. */
export const choiceGrader: Grader = {
  name: "choice",
  read(text) {
    const marks = answerMarks(text)
    for (const mark of believed(marks)) {
      const letter = leadingLetter(mark.content)
      if (letter !== undefined) return answered(mark.content.split("\n", 1)[0] ?? letter, letter)
    }
    if (marks.some((mark) => mark.strength === "final")) return unreadable("the final answer names no choice")
    const last = lastExplicit(beforeNextQuestion(text).slice(-searched))
    return asAnswer(last ?? "", last, "no choice was named")
  },
  gold(text) {
    const at = text.lastIndexOf("####")
    const bare = (at < 0 ? text : text.slice(at + 4)).trim()
    return asAnswer(bare, leadingLetter(bare), "the gold answer is not a letter")
  },
  equal: sameCanonical
}
