import { type Expression, wholeNumber } from "./expression.ts"
import type { Grammar } from "./grammar.ts"

interface WholeArgument {
  readonly value: string
  /** How far the reader is past it, and the digits of the same token that are still to be read. */
  readonly next: number
  readonly rest: string
}

/** The whole number that a macro would take as its argument at `offset`; `rest` are digits left of the token before. */
const wholeArgument = (reader: Grammar, offset: number, rest: string): WholeArgument | undefined => {
  if (rest !== "") return { value: rest.slice(0, 1), next: offset, rest: rest.slice(1) }
  const isBraced = reader.is("symbol", "{", offset)
  const token = reader.peek(isBraced ? offset + 1 : offset)
  if (token?.kind !== "number" || !/^\d+$/.test(token.value)) return undefined
  if (!isBraced) return { value: token.value.slice(0, 1), next: offset + 1, rest: token.value.slice(1) }
  return reader.is("symbol", "}", offset + 2) ? { value: token.value, next: offset + 3, rest: "" } : undefined
}

interface Fraction {
  readonly of: number
  readonly by: number
  readonly tokens: number
}

const fractionNext = (reader: Grammar): Fraction | undefined => {
  if (reader.is("command", "frac")) {
    const of = wholeArgument(reader, 1, "")
    const by = of === undefined ? undefined : wholeArgument(reader, of.next, of.rest)
    if (of === undefined || by === undefined || by.rest !== "") return undefined
    return { of: Number(of.value), by: Number(by.value), tokens: by.next }
  }
  const [of, by] = [reader.peek(), reader.peek(2)]
  if (of?.kind !== "number" || !reader.is("symbol", "/", 1) || by?.kind !== "number") return undefined
  return { of: Number(of.value), by: Number(by.value), tokens: 3 }
}

/**
 * `8` and `\frac18`, or `8`, `1`, `/`, `8`: a mixed number's fraction, if that is what comes next.
 *
 * Only whole numbers in a proper fraction make a mixed number: `8\frac{x}{3}`, `8\frac52` and `8\frac{\frac12}{3}` are products.
 */
export const mixedPart = (reader: Grammar): Expression | undefined => {
  const fraction = fractionNext(reader)
  if (fraction === undefined) return undefined
  const { of, by, tokens } = fraction
  if (!Number.isSafeInteger(of) || !Number.isSafeInteger(by) || of >= by) return undefined
  if (reader.is("symbol", "^", tokens)) return undefined
  reader.at += tokens
  return { kind: "quotient", of: wholeNumber(of), by: wholeNumber(by) }
}
