import { isCommand, isSymbol, isWrapped, opens, splitAt, startsCommand, type Tokens } from "./brackets.ts"
import type { Form } from "./form.ts"
import { parseExpression } from "./parse-expression.ts"
import { spellAll, type Token, tokenize } from "./tokens.ts"
import { isUnitWord, readUnit } from "./units.ts"

/** Deeper collections stay verbatim. */
const maximumDepth = 12

const isListSeparator = (token: Token): boolean =>
  (token.kind === "symbol" && (token.value === "," || token.value === ";")) ||
  (token.kind === "text" && /^(?:,\s?)?(?:and|or|,)(?:\s?,)?$/i.test(token.value)) ||
  isCommand(token, "land") ||
  isCommand(token, "lor")

const relations = new Set(["=", "<", ">"])
const relationCommands = new Set(["le", "ge", "ne", "approx", "in", "equiv", "lt", "gt", "sim"])
const isRelation = (token: Token): boolean =>
  (token.kind === "symbol" && relations.has(token.value)) ||
  (token.kind === "command" && relationCommands.has(token.value))
const spellRelation = (token: Token): string => ({ lt: "<", gt: ">" })[token.value] ?? token.value

const verbatim = (tokens: Tokens): Form => ({ kind: "verbatim", text: spellAll(tokens) })

/** A name that an answer may carry in front: `x`, `x_1`, `AB`, `f(x)`, `\theta`. */
const isName = (form: Form | undefined): boolean => {
  if (form?.kind === "word") return true
  if (form?.kind !== "scalar") return false
  const { expression } = form
  return (
    expression.kind === "symbol" || (expression.kind === "opaque" && expression.argument.kind === "symbol")
  )
}

/** Whether a form is `name = value` or `name \in value`. */
export const isNamed = (form: Form): form is Extract<Form, { readonly kind: "relation" }> =>
  form.kind === "relation" &&
  form.sides.length === 2 &&
  (form.operators[0] === "=" || form.operators[0] === "in") &&
  isName(form.sides[0])

const parseList = (parts: ReadonlyArray<Tokens>, depth: number): Form => {
  const forms = parts.filter((part) => part.length > 0).flatMap((part) => expand(part, depth))
  const [first, ...rest] = forms
  if (first === undefined) return { kind: "verbatim", text: "" }
  const name = isNamed(first) ? first.sides[0] : undefined
  // `n = 2, 3` and `n = 2, n = 3` are both values of n.
  if (name !== undefined && isNamed(first)) {
    const spelled = JSON.stringify(name)
    const alike = rest.every((form) => isNamed(form) && JSON.stringify(form.sides[0]) === spelled)
    if (alike || !rest.some((form) => form.kind === "relation")) {
      const items = [first, ...rest].flatMap((form) => (isNamed(form) ? (form.sides[1] ?? []) : form))
      const values: Form = { kind: "collection", style: "list", items }
      return { kind: "relation", operators: ["="], sides: [name, values] }
    }
  }
  return rest.length === 0 ? first : { kind: "collection", style: "list", items: forms }
}

/** `3 \pm 2` stands for two answers. */
const expand = (tokens: Tokens, depth: number): ReadonlyArray<Form> => {
  const at = tokens.findIndex((token) => isCommand(token, "pm"))
  const hasMore = tokens.some(
    (token, index) => index > at && (isCommand(token, "pm") || isCommand(token, "mp"))
  )
  if (
    at < 0 ||
    hasMore ||
    tokens.some((token) => opens(token) && !isSymbol(token, "{")) ||
    tokens.some(isRelation)
  )
    return [parseTokens(tokens, depth + 1)]
  return ["+", "-"].map((value) =>
    parseTokens(tokens.with(at, { kind: "symbol", value, spaced: false }), depth + 1)
  )
}

const parseMatrix = (tokens: Tokens, depth: number): Form => {
  const name = tokens[0]?.value.slice("begin ".length) ?? ""
  if (!/matrix$/.test(name) || tokens.at(-1)?.value !== `end ${name}`) return verbatim(tokens)
  const rows = splitAt(tokens.slice(1, -1), (token) => isCommand(token, "\\"))
    .parts.filter((row) => row.length > 0)
    .map((row) =>
      splitAt(row, (token) => isSymbol(token, "&")).parts.map((cell) => parseTokens(cell, depth + 1))
    )
  return { kind: "matrix", style: /^[pb]?matrix$/.test(name) ? "matrix" : name, rows }
}

const parseWrapped = (tokens: Tokens, depth: number): Form | undefined => {
  const [open, close] = [tokens[0], tokens.at(-1)]
  if (open === undefined || close === undefined || !opens(open) || !isWrapped(tokens)) return undefined
  if (startsCommand(open, "begin ")) return parseMatrix(tokens, depth)
  const inner = tokens.slice(1, -1)
  if (isSymbol(open, "{")) return parseTokens(inner, depth + 1)
  const { parts } = splitAt(inner, isListSeparator)
  if (isCommand(open, "{")) {
    const items = parts.filter((part) => part.length > 0).flatMap((part) => expand(part, depth))
    return { kind: "collection", style: "set", items }
  }
  if (parts.length > 1 || open.value === "[" || close.value === "]") {
    const items = parts.map((part) => parseTokens(part, depth + 1))
    return { kind: "sequence", open: open.value, close: close.value, items }
  }
  // `(A)` is A, and a matrix in parentheses the matrix.
  return parseTokens(inner, depth + 1)
}

/** A word's tokens are letters without spaces: three or more, or two or more with a capital among them. */
const asWord = (tokens: Tokens): string | undefined => {
  if (!tokens.every((token, index) => token.kind === "letters" && (index === 0 || !token.spaced)))
    return undefined
  const text = tokens.map((token) => token.value).join("")
  return text.length > 2 || (text.length === 2 && /\p{Lu}/u.test(text)) ? text : undefined
}

const parseText = (content: string, depth: number): Form => {
  const inner = tokenize(content)
  const hasWords = /\p{L}\s+\p{L}|\p{L}{2}/u.test(content)
  if (!hasWords || /\d\s?:\s?\d/.test(content) || /^[^a-z]*,[^a-z]*$/.test(content))
    return parseTokens(inner, depth + 1)
  const text = content
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]{1,100}/gu, " ")
    .trim()
  return { kind: "word", text }
}

/** Digits of a numeral in a stated base, as in `1101_2` and `\text{A5}_{11}`. */
const parseNumeral = (tokens: Tokens): Extract<Form, { readonly kind: "numeral" }> | undefined => {
  const at = tokens.findIndex((token) => isSymbol(token, "_"))
  if (at < 1) return undefined
  const isNegative = isSymbol(tokens[0], "-")
  const digits = tokens.slice(isNegative ? 1 : 0, at)
  const base = tokens.slice(at + 1).filter((token) => !isSymbol(token, "{") && !isSymbol(token, "}"))
  const spelled = digits.map((token) => token.value).join("")
  const [only] = base
  if (!/^[0-9A-Z.]+$/.test(spelled) || !/\d/.test(spelled)) return undefined
  if (base.length !== 1 || only === undefined || !/^(?:[2-9]|[1-3]\d)$/.test(only.value)) return undefined
  return { kind: "numeral", digits: (isNegative ? "-" : "") + spelled, base: only.value }
}

const endsWithUnit = (tokens: Tokens): number => {
  let start = tokens.length
  while (start > 1 && tokens[start - 1]?.kind === "letters") start--
  const run = tokens
    .slice(start)
    .map((token) => token.value)
    .join("")
  return tokens[start - 1]?.kind === "number" && isUnitWord(run) ? start : -1
}

/** A formula with what is written around a number: currency, percent, degrees, words and units. */
const parseScalar = (tokens: Tokens, depth: number): Form => {
  const word = asWord(tokens)
  if (word !== undefined) return { kind: "word", text: word.toLowerCase() }
  const [first] = tokens
  if (tokens.length === 1 && first?.kind === "text") return parseText(first.value, depth)
  const numeral = parseNumeral(tokens)
  if (numeral !== undefined) {
    const isDecimal = numeral.base === "10" && /^-?[\d.]+$/.test(numeral.digits)
    return isDecimal ? parseTokens(tokenize(numeral.digits), depth + 1) : numeral
  }
  let unit = ""
  let core = tokens
  const dollar = core.findIndex((token) => isCommand(token, "$"))
  if (dollar === 0 || (dollar === 1 && isSymbol(core[0], "-"))) {
    core = core.toSpliced(dollar, 1)
    unit = "dollar"
  }
  const text = core.findIndex((token) => token.kind === "text")
  const unitAt = text > 0 ? text : endsWithUnit(core)
  if (unitAt > 0) {
    const behind = spellAll(core.slice(unitAt)).replace(/(?<=[a-z]) (?=[a-z]$)/g, text > 0 ? " " : "")
    const letters = text > 0 ? behind : behind.replace(/ /g, "")
    if (/\d/.test(letters.replace(/\^ ?\{? ?\d/g, ""))) return verbatim(tokens)
    unit = readUnit(letters)
    core = core.slice(0, unitAt)
  }
  if (isCommand(core.at(-1), "%")) {
    core = core.slice(0, -1)
    unit = "percent"
  }
  const only = core[0]
  if (core.length === 1 && only?.kind === "text") return parseText(only.value, depth)
  const expression = parseExpression(core)
  if (expression === undefined) return verbatim(tokens)
  if (expression.kind === "degrees") return { kind: "scalar", expression: expression.of, unit: "degree" }
  if (expression.kind === "negative" && expression.of.kind === "degrees")
    return { kind: "scalar", expression: { kind: "negative", of: expression.of.of }, unit: "degree" }
  return { kind: "scalar", expression, unit }
}

const parseRatio = (parts: ReadonlyArray<Tokens>, depth: number): Form => {
  const last = parts.at(-1) ?? []
  const end = last.findIndex(
    (token, index) => index > 0 && (token.kind === "text" || token.kind === "letters")
  )
  const isTime = end > 0 && last[0]?.kind === "number"
  const suffix = isTime
    ? spellAll(last.slice(end))
        .toLowerCase()
        .replace(/[^a-z]/g, "")
    : ""
  const trimmed = isTime ? [...parts.slice(0, -1), last.slice(0, end)] : parts
  return { kind: "ratio", parts: trimmed.map((part) => parseTokens(part, depth + 1)), suffix }
}

const parseTokens = (tokens: Tokens, depth: number): Form => {
  if (depth > maximumDepth || tokens.length === 0) return verbatim(tokens)
  const list = splitAt(tokens, isListSeparator)
  if (list.parts.length > 1 || tokens.some((token) => isCommand(token, "pm"))) {
    if (list.parts.length > 1) return parseList(list.parts, depth)
    const expanded = expand(tokens, depth)
    return expanded.length > 1
      ? { kind: "collection", style: "list", items: expanded }
      : parseSingle(tokens, depth)
  }
  return parseSingle(tokens, depth)
}

const parseSingle = (tokens: Tokens, depth: number): Form => {
  const union = splitAt(tokens, (token) => isCommand(token, "cup"))
  if (union.parts.length > 1)
    return {
      kind: "collection",
      style: "union",
      items: union.parts.map((part) => parseTokens(part, depth + 1))
    }
  const related = splitAt(tokens, isRelation)
  // `\approx 8.24` stands for its right side.
  if (related.parts.length === 2 && related.parts[0]?.length === 0)
    return parseTokens(related.parts[1] ?? [], depth + 1)
  if (related.parts.length > 1)
    return {
      kind: "relation",
      operators: related.separators.map(spellRelation),
      sides: related.parts.map((part) => parseTokens(part, depth + 1))
    }
  const ratio = splitAt(tokens, (token) => isSymbol(token, ":"))
  if (ratio.parts.length > 1) return parseRatio(ratio.parts, depth)
  return parseWrapped(tokens, depth) ?? parseScalar(tokens, depth)
}

/** Longest answer that is taken apart, in tokens and characters; a longer one stays verbatim. */
const maximumTokens = 800
const maximumLength = 4000

/** Reads LaTeX, as an answer's box holds it; total: what cannot be read stays verbatim. */
export const parseForm = (latex: string): Form => {
  if (latex.length > maximumLength) return { kind: "verbatim", text: latex }
  const trimmed = latex.trim().replace(/(?:\\[.,;!\s]|[.,;\s]){1,20}$/, "")
  const tokens = tokenize(trimmed)
  return tokens.length > maximumTokens ? verbatim(tokens) : parseTokens(tokens, 0)
}
