import type { Words } from "../document.ts"
import { safeLine } from "../safe-text.ts"
import { escapeInline, escapeMarkdown } from "./escape-markdown.ts"

/** Text in code's letters, whatever backticks it holds. */
const code = (text: string): string => {
  const line = safeLine(text)
  // Within tables a bar ends the cell even in code.
  if (line.includes("|")) return escapeMarkdown(line)
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = "`".repeat(longest + 1)
  const space = longest > 0 ? " " : ""
  return `${fence}${space}${line}${space}${fence}`
}

/** Running text as Markdown on one line. */
export const wordsToMarkdown = (words: Words): string =>
  typeof words === "string"
    ? escapeMarkdown(words)
    : words
        .map((piece, i) => {
          if (typeof piece === "string") return escapeInline(piece, i === 0)
          if ("strong" in piece) return `**${escapeMarkdown(piece.strong)}**`
          if ("code" in piece) return code(piece.code)
          return `<sup>${escapeMarkdown(piece.mark)}</sup>`
        })
        .join("")
