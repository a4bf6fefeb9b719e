import { CliOutput } from "effect/cli"

/** The width that every rendering keeps to, in terminal cells. */
export const pageWidth = 100

/**
 * A text that is safe to print: whoever wrote it, it moves no cursor and changes no colour.
 *
 * Line feeds stay, tabs become spaces, every other control character becomes `?`.
 */
export const printable = (text: string): string =>
  text
    .replaceAll("\r\n", "\n")
    .replaceAll("\t", "  ")
    .replaceAll(/[^\P{Cc}\n]/gu, "?")

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" })

/** The longest beginning of at most `width` cells, and the rest. */
const cut = (text: string, width: number): readonly [string, string] => {
  let cells = 0
  for (const { segment, index } of segmenter.segment(text)) {
    cells += CliOutput.displayWidth(segment)
    if (cells > width && index > 0) return [text.slice(0, index), text.slice(index)]
  }
  return [text, ""]
}

/** Shortens a text to `width` cells, with an ellipsis where something was left out. */
export const shorten = (text: string, width: number): string =>
  CliOutput.displayWidth(text) <= width ? text : `${cut(text, width - 1)[0]}…`

/** Pads to `width` cells, on the right or, for numbers, on the left. */
export const pad = (text: string, width: number, align: "left" | "right"): string => {
  const space = " ".repeat(Math.max(0, width - CliOutput.displayWidth(text)))
  return align === "left" ? text + space : space + text
}

/** Breaks a text between words into lines of at most `width` cells; words that are longer are cut. */
export const wrap = (text: string, width: number): ReadonlyArray<string> =>
  text.split("\n").flatMap((paragraph) => {
    const lines: Array<string> = []
    let line = ""
    for (const word of paragraph.split(" ")) {
      const longer = line === "" ? word : `${line} ${word}`
      if (CliOutput.displayWidth(longer) <= width) {
        line = longer
        continue
      }
      if (line !== "") lines.push(line)
      line = word
      while (CliOutput.displayWidth(line) > width) {
        const [head, rest] = cut(line, width)
        if (rest === "") break
        lines.push(head)
        line = rest
      }
    }
    return [...lines, line]
  })

/** Lines of a text, wrapped to the page, all but the first `hanging` cells further in than `indent`. */
export const indented = (text: string, indent: number, hanging = 0): ReadonlyArray<string> =>
  wrap(text, pageWidth - indent - hanging).map((line, i) =>
    `${" ".repeat(indent + (i === 0 ? 0 : hanging))}${line}`.trimEnd()
  )
