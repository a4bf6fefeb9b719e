/**
 * Stands within what reads like a special token but is only said. Half a surrogate pair, which no well-formed text has; the
 * pre-tokenizer takes it out again, when special tokens have been looked for.
 */
export const interruption = "\uDC00"

/** A text of private-use characters that the other text does not have. */
export const absentFrom = (text: string): string => {
  let mark = "\uE000"
  while (text.includes(mark)) mark += "\uE000"
  return mark
}

/** Puts a mark into a text after the first character of whatever is one of the tokens. */
export type Interrupt = (text: string, mark: string) => string

/** Interrupts these tokens; those of one character have no place for a mark. */
export const interrupting = (tokens: ReadonlyArray<string>): Interrupt => {
  const byFirst = Map.groupBy(tokens, (token) => String.fromCodePoint(token.codePointAt(0) ?? 0))
  return (text, mark) => {
    let marked = ""
    let from = 0
    for (let at = 0; at < text.length; at += 1) {
      const first = String.fromCodePoint(text.codePointAt(at) ?? 0)
      const begins = byFirst.get(first)?.some((token) => text.startsWith(token, at)) ?? false
      if (!begins) continue
      const next = at + first.length
      marked += text.slice(from, next) + mark
      from = next
    }
    return marked + text.slice(from)
  }
}
