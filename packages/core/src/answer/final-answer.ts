/** A place where a text says that its answer follows. */
export interface AnswerMark {
  /** `final`: `Final answer:`, `####`, a box or an `<answer>` tag; `plain`: `Answer:`, `the answer is`. */
  readonly strength: "final" | "plain"
  /** The answer's own words: a box's or tag's content, or what follows the marker, cut to `maximumContent` characters. */
  readonly content: string
  /** Whether the content is delimited, by a box or a tag. */
  readonly boxed: boolean
  /** Where the marker starts and where its line or box ends. */
  readonly start: number
  readonly end: number
}

/** Longest answer that a marker is taken to announce, in characters. */
export const maximumContent = 1500

/** Most markers that are looked at; a text with more is noise. */
const maximumMarks = 2000
const maximumBoxes = 100

const announces = new RegExp(
  "^(?:\\s{1,3}(?:choice|option|letter))?" +
    "(?:\\s{1,3}(?:to|for)\\s(?:the|this|your|our)\\s(?:\\w{1,20}\\s){0,3}?\\w{1,20})?" +
    "(?:\\s?\\([^()\\n]{0,40}\\))?" +
    "[*_`\"'\\s]{0,6}" +
    "(?::|=|→|\\b(?:is|was|are|equals|comes\\sout\\sto|(?:would|should|must|will|has\\sto)\\sbe)\\b)",
  "i"
)
const heading = /^[*_:#\t ]{0,6}\n/
const denies = /^not\b/i

const contentAt = (text: string, from: number): { readonly content: string; readonly end: number } => {
  const window = text.slice(from, from + maximumContent)
  const bare = window.replace(/^[\s*_`"':]{1,40}/, "")
  // On a line of its own, `- 18` is a list item and not a negative number.
  const isItem = window.slice(0, window.length - bare.length).includes("\n")
  const content = isItem ? bare.replace(/^[-–•]\s{1,4}/, "") : bare
  const skipped = window.length - content.length
  const newline = content.indexOf("\n")
  return { content, end: from + skipped + (newline < 0 ? content.length : newline) }
}

const wordMarks = (text: string): Array<AnswerMark> => {
  const marks: Array<AnswerMark> = []
  for (const match of text.matchAll(/\b(final\s{1,4})?answers?\b/gi)) {
    if (marks.length >= maximumMarks) break
    const strength = match[1] === undefined ? "plain" : "final"
    const from = match.index + match[0].length
    const following = text.slice(from, from + 160)
    const found = announces.exec(following) ?? (strength === "final" ? heading.exec(following) : null)
    if (found === null) continue
    const { content, end } = contentAt(text, from + found[0].length)
    if (!denies.test(content)) marks.push({ strength, content, boxed: false, start: match.index, end })
  }
  return marks
}

const hashMarks = (text: string): Array<AnswerMark> => {
  const marks: Array<AnswerMark> = []
  for (const match of text.matchAll(/####/g)) {
    if (marks.length >= maximumMarks) break
    const { content, end } = contentAt(text, match.index + 4)
    // `#### 2. Add them up` is a heading, and so is `#### Step 2`.
    const isNumber = /^[$€£+−–-]{0,3}\s?[\d.\\(]/.test(content) && !/^\d{1,3}[.)]\s+\S/.test(content)
    if (isNumber && text[match.index - 1] !== "#")
      marks.push({ strength: "final", content, boxed: false, start: match.index, end })
  }
  return marks
}

/** Where the brace closes that was opened just before `from`; absent where it does not within `maximumContent`. */
const closingBrace = (text: string, from: number): number | undefined => {
  let depth = 1
  const end = Math.min(text.length, from + maximumContent)
  for (let at = from; at < end; at++) {
    const character = text[at]
    if (character === "\\") at++
    else if (character === "{") depth++
    else if (character === "}" && --depth === 0) return at
  }
  return undefined
}

/** All balanced `\boxed{...}` and `\fbox{...}` of a text, in the order in which they open. */
const boxMarks = (text: string): Array<AnswerMark> => {
  const marks: Array<AnswerMark> = []
  for (const match of [...text.matchAll(/\\(?:boxed|fbox)\s{0,4}\{/g)].slice(-maximumBoxes)) {
    const inner = match.index + match[0].length
    const close = closingBrace(text, inner)
    if (close === undefined) continue
    const content = text.slice(inner, close)
    marks.push({ strength: "final", content, boxed: true, start: match.index, end: close + 1 })
  }
  return marks
}

/** All `<answer>...</answer>` of a text, which some models are told to write. */
const tagMarks = (text: string): Array<AnswerMark> => {
  const marks: Array<AnswerMark> = []
  for (const match of [...text.matchAll(/<(?:final_?)?answer>/gi)].slice(-maximumBoxes)) {
    const inner = match.index + match[0].length
    const length = text.slice(inner, inner + maximumContent).indexOf("</")
    if (length < 0) continue
    const content = text.slice(inner, inner + length).trim()
    marks.push({ strength: "final", content, boxed: true, start: match.index, end: inner + length })
  }
  return marks
}

/** A line that opens somebody's question, as `Question 2:`, `**Problem:**` or a chat template's user turn. */
const questionHeader =
  /(?:^|\n)(?:[ \t>#*_]{0,8}(?:(?:new|next|another|follow-up) )?(?:question|problem|exercise|q|user|human) ?#?\d{0,4}[*_]{0,3} ?[:.)])|<\|(?:im_start\|>)?user|\[INST\]/gi
const reconsiders =
  /^[\s>#*_]{0,8}(?:wait|but|hmm|hold|actually|however|let|is|are|was|did|does|do|so|check|ok|okay|why|right|really|alternatively)\b/i

/** Whether what follows an answer is somebody's next question. */
const asksAnew = (gap: string): boolean => {
  if (gap.search(questionHeader) >= 0) return true
  if (!/\?\s{0,4}(?:\n|$)/.test(gap)) return false
  // The first paragraph still belongs to the answer.
  const [, ...paragraphs] = gap.split(/\n[ \t]{0,20}\n/)
  return paragraphs.some(
    (paragraph) =>
      /\?[ \t]{0,4}(?:\n|$)/.test(paragraph) && !reconsiders.test(paragraph.trimStart().slice(0, 40))
  )
}

/** The text before a question that the writer asked itself after having worked with numbers or answered. */
export const beforeNextQuestion = (text: string): string => {
  const worked = text.search(/\d|\banswer\b|\\boxed/i)
  if (worked < 0) return text
  for (const header of text.matchAll(questionHeader))
    if (header.index > worked) return text.slice(0, header.index)
  return text
}

/** The places where a text announces its answer, in order, without those that answer a further question. */
export const answerMarks = (text: string): ReadonlyArray<AnswerMark> => {
  const own = beforeNextQuestion(text)
  const marks = [...wordMarks(own), ...hashMarks(own), ...boxMarks(own), ...tagMarks(own)].sort(
    (left, right) => left.start - right.start
  )
  let reached = marks[0]?.end ?? 0
  for (const [index, mark] of marks.entries()) {
    if (mark.start > reached && asksAnew(own.slice(reached, mark.start))) return marks.slice(0, index)
    reached = Math.max(reached, mark.end)
  }
  return marks
}

/** The marks in the order in which they are to be believed: final ones before plain ones, later ones first. */
export const believed = (marks: ReadonlyArray<AnswerMark>): ReadonlyArray<AnswerMark> => {
  const latest = marks.toReversed()
  const final = latest.filter((mark) => mark.strength === "final")
  return [...final, ...latest.filter((mark) => mark.strength === "plain")].slice(0, 20)
}

/** Whether a text states its final answer: `Final answer:`, `####` or a box. Work that goes on does not. */
export const statesFinalAnswer = (text: string): boolean =>
  answerMarks(text).some(({ strength }) => strength === "final")
