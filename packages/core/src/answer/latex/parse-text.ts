import type { Tokens } from "./brackets.ts"
import type { Form, Parse } from "./form.ts"
import { type Token, tokenize } from "./tokens.ts"

const shouted = new Set(["YES", "NO", "TRUE", "NONE", "ODD", "EVEN"])

/** A word without regard to case; up to four capitals are a name, as of a figure, and stay. */
const wordCase = (text: string): string =>
  /^[A-Z]{1,4}$/.test(text) && !shouted.has(text) ? text : text.toLowerCase()

const asForm = (text: string, depth: number, parse: Parse): Form =>
  text === "infinity" ? parse(tokenize("\\infty"), depth + 1) : { kind: "word", text }

/** A word's tokens are letters without spaces: three or more, or two or more with a capital among them. */
export const asWord = (tokens: Tokens, depth: number, parse: Parse): Form | undefined => {
  if (!tokens.every((token, index) => token.kind === "letters" && (index === 0 || !token.spaced)))
    return undefined
  const text = tokens.map((token) => token.value).join("")
  const isWord = text.length > 2 || (text.length === 2 && /\p{Lu}/u.test(text))
  return isWord ? asForm(wordCase(text), depth, parse) : undefined
}

/** Letters or numbers in a row, as in `A and B` or `I, II`; absent for other words. */
const listed = (content: string): ReadonlyArray<string> | undefined => {
  const parts = content.split(/,? (?:and|or) |,/i).map((part) => part.trim())
  return parts.length > 1 && parts.every((part) => /^\(?(?:[A-Z]|[IVX]{1,4}|\d{1,9})\)?$/.test(part))
    ? parts
    : undefined
}

/** The words of `\text{...}`, or what they spell: a number with its unit, letters in a row, a single symbol. */
export const parseText = (content: string, depth: number, parse: Parse): Form => {
  const parts = listed(content)
  if (parts !== undefined)
    return { kind: "collection", style: "list", items: parts.map((part) => parse(tokenize(part), depth + 1)) }
  const [, amount = "", unit = ""] = /^([-+$]?\d[\d.,/]{0,20}) ?([a-z][^\d]{0,60})$/i.exec(content) ?? []
  if (amount !== "") {
    const words: Token = { kind: "text", value: unit.trim(), spaced: true }
    return parse([...tokenize(amount), words], depth + 1)
  }
  const hasWords = /\p{L}\s+\p{L}|\p{L}{2}/u.test(content)
  if (!hasWords || /\d\s?:\s?\d/.test(content)) return parse(tokenize(content), depth + 1)
  const text = content
    .replace(/(?<!\d)-|-(?!\d)|[^\p{L}\p{N}<>=≤≥+*/^%$-]/gu, " ")
    .replace(/\s{1,100}/g, " ")
    .trim()
  return asForm(wordCase(text), depth, parse)
}
