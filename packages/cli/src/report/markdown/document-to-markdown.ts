import type { Block, Dialogue, DialogueTurn, Figure, ReportDocument, Table } from "../document.ts"
import { escapeHtml } from "../html/markup.ts"
import { creditWords } from "../words/credit-words.ts"
import { escapeLines, escapeMarkdown } from "./escape-markdown.ts"
import { wordsToMarkdown } from "./words-to-markdown.ts"

const line = (cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`

const tableToMarkdown = ({ caption, columns, rows, notes = [], folded }: Table): string => {
  const table = [
    line(columns.map(({ heading }) => escapeMarkdown(heading))),
    line(columns.map(({ align }) => (align === "right" ? "---:" : "---"))),
    ...rows.map((row) => {
      if (row.kind === "group")
        return line(columns.map((_, i) => (i === 0 ? `**${escapeMarkdown(row.title)}**` : "")))
      const cells = columns.map((_, i) => wordsToMarkdown(row.cells[i] ?? ""))
      return line(row.strong === true ? cells.map((cell) => (cell === "" ? "" : `**${cell}**`)) : cells)
    })
  ].join("\n")
  const below = notes.map(({ mark, text }) => `<sup>${escapeMarkdown(mark)}</sup> ${escapeMarkdown(text)}`)
  const body = [table, ...(below.length === 0 ? [] : [below.join("  \n")])].join("\n\n")
  return folded === true
    ? `<details><summary>${escapeHtml(caption)}</summary>\n\n${body}\n\n</details>`
    : `${escapeMarkdown(caption)}\n\n${body}`
}

/** Quoted lines; each breaks where the speaker broke it. */
const quote = (text: string): ReadonlyArray<string> =>
  escapeLines(text).map((line, i, lines) =>
    `> ${line}${line !== "" && (lines[i + 1] ?? "") !== "" ? "<br>" : ""}`.trimEnd()
  )

const turnToMarkdown = ({ title, reading, text, credit }: DialogueTurn, index: number): string => {
  const number = `${index + 1}. `
  const understood = reading === undefined ? "" : ` (${escapeMarkdown(reading)})`
  const head = `${number}**${escapeMarkdown(title)}**${understood}, ${escapeMarkdown(creditWords(credit))}`
  if (text === undefined) return head
  const margin = " ".repeat(number.length)
  return [head, "", ...quote(text).map((line) => `${margin}${line}`)].join("\n")
}

const dialogueToMarkdown = ({ title, facts, turns }: Dialogue): string =>
  [
    `### ${escapeMarkdown(title)}`,
    facts
      .map(([name, value]) => `**${escapeMarkdown(name)}:** ${escapeLines(value).join("<br>")}`)
      .join("  \n"),
    ...turns.map(turnToMarkdown)
  ].join("\n\n")

const figureToMarkdown = ({ name, caption, description }: Figure, folder: string): string =>
  `![${escapeMarkdown(description)}](${folder}/${name}.svg)\n\n${wordsToMarkdown(caption)}`

const blockToMarkdown = (block: Block, folder: string): string => {
  switch (block.kind) {
    case "paragraph":
      return wordsToMarkdown(block.words)
    case "list":
      return block.items.map((item) => `- ${wordsToMarkdown(item)}`).join("\n")
    case "subheading":
      return `### ${escapeMarkdown(block.title)}`
    case "table":
      return tableToMarkdown(block)
    case "figure":
      return figureToMarkdown(block, folder)
    case "dialogue":
      return dialogueToMarkdown(block)
  }
}

/** The report as Markdown, whose figures are SVG files in `folder` beside it. */
export const documentToMarkdown = ({ title, subtitle, sections }: ReportDocument, folder: string): string =>
  `${[
    `# ${escapeMarkdown(title)}`,
    escapeMarkdown(subtitle),
    ...sections.flatMap((section) => [
      `## ${escapeMarkdown(section.title)}`,
      ...section.blocks.map((block) => blockToMarkdown(block, folder))
    ])
  ].join("\n\n")}\n`
