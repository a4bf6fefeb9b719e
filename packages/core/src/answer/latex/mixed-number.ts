import { type Expression, wholeNumber } from "./expression.ts"
import type { Grammar } from "./grammar.ts"
import { Unreadable } from "./token-reader.ts"

const wholeValue = (part: Expression): number | undefined =>
  part.kind === "number" && part.value.denominator === 1n ? Number(part.value.numerator) : undefined

/** `8` and `\frac18`, or `8`, `1`, `/`, `8`: a mixed number's fraction, if that is what comes next. */
export const mixedPart = (reader: Grammar): Expression | undefined => {
  const start = reader.at
  const saved = reader.tokens.slice(start, start + 3)
  let parts: readonly [number | undefined, number | undefined] = [undefined, undefined]
  if (reader.take("command", "frac")) {
    try {
      const of = reader.argument()
      parts = [wholeValue(of), wholeValue(reader.argument())]
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
    }
  } else if (
    reader.peek()?.kind === "number" &&
    reader.is("symbol", "/", 1) &&
    reader.peek(2)?.kind === "number"
  ) {
    parts = [Number(reader.peek()?.value), Number(reader.peek(2)?.value)]
    reader.at += 3
  }
  const [of, by] = parts
  if (
    of !== undefined &&
    by !== undefined &&
    Number.isInteger(of) &&
    Number.isInteger(by) &&
    of < by &&
    !reader.is("symbol", "^")
  )
    return { kind: "quotient", of: wholeNumber(of), by: wholeNumber(by) }
  reader.at = start
  // Reading `\frac12` takes its digits apart.
  reader.tokens.splice(start, saved.length, ...saved)
  return undefined
}
