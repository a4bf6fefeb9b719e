import { safeLine, safeText } from "../safe-text.ts"

/** Whatever may begin markup anywhere in a line, HTML, mathematics, mentions and addresses included. */
const special = /[\\`*_{}[\]<>#|!~&$@^]|:(?=\S)|(?<=\bwww)\./gi
/** Whatever may begin markup at the start of a line: lists, rules and underlined headings. */
const opening = /^(\s*)([-+=]|\d+(?=[.)]))/

const escapeLine = (line: string): string =>
  line
    .replaceAll(special, (letter) => `\\${letter}`)
    .replace(opening, (_, space: string, start: string) =>
      /^\d/.test(start) ? `${space}${start}\\` : `${space}\\${start}`
    )
    // Four spaces would make code of it.
    .replace(/^ +/, (spaces) => "\u00a0".repeat(spaces.length))

/** A text of one line that Markdown shows as it is, in tables, too. */
export const escapeMarkdown = (text: string): string => escapeLine(safeLine(text))

/** The same for a piece of a line, whose spaces at the ends count; `first` where the line starts with it. */
export const escapeInline = (text: string, first: boolean): string => {
  const line = safeText(text).replaceAll(/\s+/g, " ")
  return first ? escapeLine(line.trimStart()) : line.replaceAll(special, (letter) => `\\${letter}`)
}

/** The lines of a text, each of which Markdown shows as it is. */
export const escapeLines = (text: string): ReadonlyArray<string> => safeText(text).split("\n").map(escapeLine)
