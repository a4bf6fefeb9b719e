/** What a reviewer says of an answer. */
export type Verdict = "right" | "wrong"

export type ReadVerdict =
  | { readonly kind: "verdict"; readonly verdict: Verdict }
  | { readonly kind: "unreadable"; readonly reason: string }

/** A verdict line is looked for in so many lines and characters from the start, and in so many of each line. */
const maximumLines = 20
const maximumStart = 12_000
const maximumLine = 600

const word = /\b(?:right|correct|wrong|incorrect)\b/
const negation =
  /\b(?:not|never|no longer|cannot be|can't be|far from|isn't|isnt|aren't|wasn't|doesn't (?:seem|look|appear)(?: to be)?|don't (?:think|believe) (?:it|this|that|the (?:proposed )?(?:answer|solution))(?: is|'s))(?: (?:quite|entirely|fully|completely|totally|really|at all|actually|the|a|be|to be|strictly|exactly))*$/

const tidy = (line: string): string =>
  line
    .slice(0, maximumLine)
    .replace(/[’]/g, "'")
    .replace(/\\(?:text|textbf|boxed|mathbf|mathrm)(?![a-zA-Z])/g, "")
    .replace(/[*_`#>~"“”()[\]{}|$\\<]/g, " ")
    .replace(/[✓✔✅☑✗✘❌❎]\ufe0f?/g, " ")
    .replace(/\s{1,600}/g, " ")
    .trim()

/** Drops the number of a list item, and a label that only names both verdicts, as in `Right or wrong:`. */
const withoutPreamble = (line: string): string =>
  line
    .replace(/^(?:[-•+]|\d{1,2}[.):]|step \d{1,2}[.:])\s?/i, "")
    .replace(
      /^(?:is (?:it|this|that|the (?:proposed |pending )?(?:answer|solution)) )?(?:right|correct|wrong|incorrect) ?(?:or|\/) ?(?:right|correct|wrong|incorrect|not) ?[:?=–—-]+ ?/i,
      "verdict: "
    )

const polarity = (line: string, at: number, found: string): Verdict => {
  const positive = found === "right" || found === "correct"
  const isNegated = negation.test(line.slice(Math.max(0, at - 80), at).trimEnd())
  return positive === isNegated ? "wrong" : "right"
}

/** The verdict with which words start: `WRONG`, `not right`, `Incorrect, because`; undecided for `RIGHT or WRONG`. */
const leading = (words: string, needsEnd: boolean): Verdict | undefined => {
  const lower = words.toLowerCase()
  const match =
    /^(?:(?:it is|it's|this is|that is|that's|the (?:proposed |pending |final |given )?(?:answer|solution) is|definitely|clearly|absolutely|probably|completely|totally|entirely|mostly) )*((?:not|never|isn't)(?: (?:quite|entirely|fully|completely|really|actually))* )?(right|correct|wrong|incorrect)\b/.exec(
      lower
    )
  const found = match?.[2]
  if (match === null || found === undefined) return undefined
  const after = lower.slice(match[0].length)
  if (/^ ?(?:or|\/|,? and|and\/or) ?(?:not\b|right|correct|wrong|incorrect)/.test(after)) return undefined
  if (needsEnd) {
    const shown = words.slice(match[0].length - found.length, match[0].length)
    const isShouted = shown === shown.toUpperCase()
    // `Right, let me see` and `Right triangles` open a sentence and judge nothing.
    const ends =
      found === "right" && !isShouted ? /^ ?(?:[.!;:–—-]|$)/ : /^ ?(?:[.!;:,–—-]|$|because|since|as )/
    if (!isShouted && match[1] === undefined && !ends.test(after)) return undefined
    if (isShouted && /^ (?:side|hand|angle|triangle)/.test(after)) return undefined
  }
  const positive = found === "right" || found === "correct"
  return positive === (match[1] !== undefined) ? "wrong" : "right"
}

const label =
  /^(?:[\w']+ ){0,4}?(?:verdict|judge?ment|decision|assessment|evaluation|correctness|conclusion|review|rating|status|result|answer|ruling)(?: (?:of|on|for|about) (?:[\w']+ ?){1,4})? ?(?::|=|–|—|-|\bis\b)+ ?/i

/** What a labelled line such as `Verdict: RIGHT` decides. */
const labelled = (line: string): Verdict | undefined => {
  const match = label.exec(line)
  if (match === null) {
    const bare = /^(?:final )?verdict (?=\S)/i.exec(line)
    return bare === null ? undefined : leading(line.slice(bare[0].length), false)
  }
  return leading(line.slice(match[0].length), false)
}

const judged =
  /(?:\b(?:is|are|was|be|seems|looks|appears|as)|'s|isn't|wasn't)(?: (?:to be|not|never|quite|entirely|fully|completely|absolutely|totally|indeed|definitely|clearly|also|actually|therefore|thus|in fact|the|a|an))* (?<word>right|correct|wrong|incorrect)\b(?! (?:to|that|side|hand|angle|triangle|if|when|for|way|approach|step|formula|number|value)\b)/g
const doubts = /\b(?:if|whether|unsure|not sure|would be|could be|might be|may be)\b/

/** All verdicts of a line's sentences: `the answer is not correct`, `I judge this WRONG`. */
const spoken = (line: string): ReadonlyArray<Verdict> => {
  const verdicts: Array<Verdict> = []
  for (const sentence of line.split(/[.;!?](?: |$)/)) {
    const lower = sentence.toLowerCase()
    const matches = [
      ...lower.matchAll(judged),
      ...sentence.matchAll(/\b(?<word>RIGHT|CORRECT|WRONG|INCORRECT)\b/g)
    ]
    const ends = new Set<number>()
    for (const match of matches) {
      const found = match.groups?.word?.toLowerCase() ?? ""
      const end = match.index + match[0].length
      if (ends.has(end)) continue
      ends.add(end)
      const at = end - found.length
      if (doubts.test(lower.slice(0, at))) continue
      verdicts.push(polarity(lower, at, found))
    }
  }
  return verdicts
}

const agreed = (verdicts: ReadonlyArray<Verdict | undefined>): Verdict | undefined => {
  const [first] = verdicts
  return first !== undefined && verdicts.every((verdict) => verdict === first) ? first : undefined
}

const decided = (verdict: Verdict): ReadVerdict => ({ kind: "verdict", verdict })

/**
 * Reads RIGHT or WRONG (or correct or incorrect) from a verdict line near the start, whatever its markup; never throws.
 * A labelled line decides, then a line that starts with a verdict, then sentences that all judge alike.
 */
export const readVerdict = (review: string): ReadVerdict => {
  const text = review.slice(0, maximumStart).trimStart()
  const lines: Array<string> = []
  let from = 0
  while (from < text.length && lines.length < maximumLines) {
    const newline = text.indexOf("\n", from)
    const end = newline < 0 ? text.length : newline
    const raw = text.slice(from, Math.min(end, from + maximumLine))
    const line = raw.trim() === "" ? "" : withoutPreamble(tidy(raw))
    if (line !== "") lines.push(line)
    from = end + 1
  }
  const first = lines[0] === undefined ? undefined : (labelled(lines[0]) ?? leading(lines[0], true))
  if (first !== undefined) return decided(first)
  for (const line of lines) {
    const verdict = labelled(line)
    if (verdict !== undefined) return decided(verdict)
  }
  const bare = lines.flatMap((line) => leading(line, true) ?? [])
  const standing = agreed(bare) ?? (bare.length === 0 ? agreed(lines.flatMap(spoken)) : undefined)
  if (standing !== undefined) return decided(standing)
  return {
    kind: "unreadable",
    reason: lines.some((line) => word.test(line.toLowerCase())) ? "it does not decide" : "it holds no verdict"
  }
}
