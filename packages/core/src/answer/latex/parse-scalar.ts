import { isCommand, isSymbol, type Tokens } from "./brackets.ts"
import { type Expression, wholeNumber } from "./expression.ts"
import type { Form, Parse } from "./form.ts"
import { parseExpression } from "./parse-expression.ts"
import { parseNumeral } from "./parse-numeral.ts"
import { asWord, parseText } from "./parse-text.ts"
import { spellAll, type Token } from "./tokens.ts"
import { isUnitWord, readMagnitude, readUnit } from "./units.ts"

const currencies: ReadonlyMap<string, string> = new Map([
  ["$", "dollar"],
  ["euro", "euro"],
  ["pounds", "sterling"],
  ["yen", "yen"]
])

const currencyOf = (token: Token | undefined): string | undefined => {
  if (token?.kind === "text") return token.value === "\\$" ? "dollar" : undefined
  return token?.kind === "command" ? currencies.get(token.value) : undefined
}

/** The tokens without a sign of currency before or behind them, and the currency. */
const withoutCurrency = (tokens: Tokens): { readonly core: Tokens; readonly unit: string } => {
  const places = [0, isSymbol(tokens[0], "-") ? 1 : 0, tokens.length - 1]
  for (const place of places) {
    const unit = currencyOf(tokens[place])
    if (unit !== undefined) return { core: tokens.toSpliced(place, 1), unit }
  }
  return { core: tokens, unit: "" }
}

const ordinal = /^(?:st|nd|rd|th)$/

/** The tokens without the raised end of an ordinal number, as in `10^{\text{th}}`. */
const withoutOrdinal = (tokens: Tokens): Tokens => {
  const at = tokens.findLastIndex((token) => isSymbol(token, "^"))
  const end = tokens.slice(at + 1).filter((token) => !isSymbol(token, "{") && !isSymbol(token, "}"))
  const isOrdinal = at > 0 && ordinal.test(end.map((token) => token.value).join(""))
  return isOrdinal ? tokens.slice(0, at) : tokens
}

/** Where letters start that directly follow a number and name a unit, or degrees and name what they count. */
const lettersUnit = (tokens: Tokens): number => {
  let start = tokens.length
  while (start > 1 && tokens[start - 1]?.kind === "letters") start--
  const run = tokens
    .slice(start)
    .map((token) => token.value)
    .join("")
  const before = tokens[start - 1]
  if (before?.kind === "number" && isUnitWord(run)) return start
  return isCommand(before, "circ") && /^[CFNSEW]$/.test(run) ? start : -1
}

const asDegrees = (expression: Expression): Expression | undefined => {
  if (expression.kind === "degrees") return expression.of
  if (expression.kind === "negative" && expression.of.kind === "degrees")
    return { kind: "negative", of: expression.of.of }
  return undefined
}

const scaled = (expression: Expression, power: number): Expression =>
  power === 0 ? expression : { kind: "product", factors: [expression, wholeNumber(10 ** power)] }

/** What stands behind a number as words: undefined where it holds numbers of its own. */
const wordsBehind = (tokens: Tokens, areLetters: boolean): string | undefined => {
  const spelled = spellAll(tokens)
  const words = areLetters ? spelled.replace(/ /g, "") : spelled
  return /\d/.test(words.replace(/\^ ?\{? ?\d/g, "")) ? undefined : words
}

/** A formula with what is written around a number: currency, percent, degrees, words and units. */
export const parseScalar = (tokens: Tokens, depth: number, parse: Parse): Form => {
  const verbatim: Form = { kind: "verbatim", text: spellAll(tokens) }
  const word = asWord(tokens, depth, parse)
  if (word !== undefined) return word
  const [first] = tokens
  if (tokens.length === 1 && first?.kind === "text") return parseText(first.value, depth, parse)
  const numeral = parseNumeral(tokens, depth, parse)
  if (numeral !== undefined) return numeral
  let { core, unit } = withoutCurrency(tokens)
  core = withoutOrdinal(core)
  const text = core.findIndex((token) => token.kind === "text")
  const unitAt = text > 0 ? text : lettersUnit(core)
  let behind = ""
  let power = 0
  if (unitAt > 0) {
    const words = wordsBehind(core.slice(unitAt), text <= 0)
    if (words === undefined) return verbatim
    const magnitude = readMagnitude(words)
    power = magnitude.power
    behind = magnitude.rest
    unit = readUnit(behind) || unit
    core = core.slice(0, unitAt)
  }
  if (isCommand(core.at(-1), "%")) {
    core = core.slice(0, -1)
    unit = "percent"
  }
  const only = core[0]
  if (core.length === 1 && only?.kind === "text") return parseText(only.value, depth, parse)
  const expression = parseExpression(core)
  if (expression === undefined) return verbatim
  const degrees = asDegrees(expression)
  if (degrees === undefined) return { kind: "scalar", expression: scaled(expression, power), unit }
  const scale = /^[cfnsew]$/i.test(behind.trim()) ? behind.trim().toUpperCase() : readUnit(behind)
  return { kind: "scalar", expression: degrees, unit: `degree ${scale}`.trim() }
}
