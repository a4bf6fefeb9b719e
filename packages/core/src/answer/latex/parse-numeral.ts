import { isSymbol, type Tokens } from "./brackets.ts"
import type { Form, Parse } from "./form.ts"
import { tokenize } from "./tokens.ts"

const names: ReadonlyMap<string, string> = new Map(
  ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"].map(
    (name, i) => [name, String(i + 2)]
  )
)

/** Digits of a numeral in a stated base, as in `1101_2` and `\text{A5}_{11}`; those of base ten are a number. */
export const parseNumeral = (tokens: Tokens, depth: number, parse: Parse): Form | undefined => {
  const at = tokens.findIndex((token) => isSymbol(token, "_"))
  if (at < 1) return undefined
  const isNegative = isSymbol(tokens[0], "-")
  const written = tokens.slice(isNegative ? 1 : 0, at)
  const isBracketed = isSymbol(written[0], "(") && isSymbol(written.at(-1), ")")
  const spelled = (isBracketed ? written.slice(1, -1) : written).map((token) => token.value).join("")
  const base = tokens.slice(at + 1).filter((token) => !isSymbol(token, "{") && !isSymbol(token, "}"))
  const [only] = base
  if (!/^[0-9A-Z.]+$/.test(spelled) || !/\d/.test(spelled) || base.length !== 1 || only === undefined)
    return undefined
  const named = names.get(only.value.toLowerCase()) ?? only.value
  if (!/^(?:[2-9]|[1-3]\d)$/.test(named)) return undefined
  const digits = (isNegative ? "-" : "") + spelled.replace(/^0+(?=[0-9A-Z])/, "")
  return named === "10" && /^-?[\d.]+$/.test(digits)
    ? parse(tokenize(digits), depth + 1)
    : { kind: "numeral", digits, base: named }
}
