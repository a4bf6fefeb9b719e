import { safeLine, safeText } from "../safe-text.ts"

/** Whatever may begin markup anywhere in a line, HTML, mathematics, mentions and addresses included. */
const special = /[\\`*_{}[\]<>#|!~&$@^]|:(?=\S)|(?<=www)\./gi
/** Whatever begins a list at the start of a line. */
const listed = /^(\s*)(?:([-+])|(\d+)([.)]))(?=\s|$)/
/** A line that is a rule, or that makes a heading or a table of the line above it. */
const ruled = /^(\s*)([-=])(?=[-=:|\\\s]*$)/

const escapeLine = (line: string): string =>
  line
    .replaceAll(special, (letter) => `\\${letter}`)
    .replace(
      listed,
      (_, space: string, dash: string | undefined, number: string | undefined, point: string | undefined) =>
        dash === undefined ? `${space}${number}\\${point}` : `${space}\\${dash}`
    )
    .replace(ruled, "$1\\$2")
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
