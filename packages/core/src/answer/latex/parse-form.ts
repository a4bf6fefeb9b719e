import { isCommand, isSymbol, isWrapped, opens, splitAt, startsCommand, type Tokens } from "./brackets.ts"
import type { Form } from "./form.ts"
import { parseList } from "./parse-list.ts"
import { parseMatrix } from "./parse-matrix.ts"
import { parseRelation, relationParts } from "./parse-relation.ts"
import { parseScalar } from "./parse-scalar.ts"
import { parseSet } from "./parse-set.ts"
import { spellAll, type Token, tokenize } from "./tokens.ts"

/** Deeper collections stay verbatim. */
const maximumDepth = 12

const verbatim = (tokens: Tokens): Form => ({ kind: "verbatim", text: spellAll(tokens) })

const isListSeparator = (token: Token): boolean =>
  (token.kind === "symbol" && (token.value === "," || token.value === ";")) ||
  (token.kind === "text" && /^(?:,\s?)?(?:and|or|,)(?:\s?,)?$/i.test(token.value)) ||
  isCommand(token, "land") ||
  isCommand(token, "lor")

/** What one pair of brackets, braces or `\begin` and `\end` encloses. */
const parseWrapped = (tokens: Tokens, depth: number): Form | undefined => {
  const [open, close] = [tokens[0], tokens.at(-1)]
  if (open === undefined || close === undefined || !opens(open) || !isWrapped(tokens)) return undefined
  if (startsCommand(open, "begin ")) return parseMatrix(tokens, depth, parseTokens) ?? verbatim(tokens)
  if (isCommand(open, "lfloor") || isCommand(open, "lceil")) return undefined
  const inner = tokens.slice(1, -1)
  if (isSymbol(open, "{")) return parseTokens(inner, depth + 1)
  const list = splitAt(inner, isListSeparator)
  if (isCommand(open, "{")) return parseSet(inner, list, depth, parseTokens)
  if (list.parts.length > 1 || isCommand(open, "langle") || open.value === "[" || close.value === "]") {
    const items = list.parts.map((part) => parseTokens(part, depth + 1))
    const [only] = items
    if (items.length === 1 && only?.kind === "matrix") return only
    return { kind: "sequence", open: open.value, close: close.value, items }
  }
  // `(A)` is A, and a matrix in parentheses the matrix.
  return parseTokens(inner, depth + 1)
}

/** `\mathbb{R} - \{0\}` takes away as `\setminus` does. */
const isSetMinus = (token: Token, index: number, tokens: Tokens): boolean =>
  isCommand(token, "setminus") || (index > 0 && isSymbol(token, "-") && isCommand(tokens[index + 1], "{"))

const setOperators: ReadonlyMap<string, "union" | "intersection"> = new Map([
  ["cup", "union"],
  ["cap", "intersection"]
])

/** Unions, intersections and differences of sets; absent where there are none, or two kinds of them. */
const parseSetOperation = (tokens: Tokens, depth: number): Form | undefined => {
  const marked = tokens.map((token, index) =>
    isSetMinus(token, index, tokens) ? { ...token, kind: "command" as const, value: "setminus" } : token
  )
  const { parts, separators } = splitAt(
    marked,
    (token) => token.kind === "command" && (setOperators.has(token.value) || token.value === "setminus")
  )
  const [operator] = separators
  if (operator === undefined) return undefined
  if (!separators.every((token) => token.value === operator.value)) return verbatim(tokens)
  const [first, ...rest] = parts.map((part) => parseTokens(part, depth + 1))
  const style = setOperators.get(operator.value)
  if (first === undefined || rest.length === 0) return verbatim(tokens)
  return style === undefined
    ? { kind: "difference", of: first, without: rest }
    : { kind: "collection", style, items: [first, ...rest] }
}

const isRatioSign = (token: Token): boolean =>
  isSymbol(token, ":") || (token.kind === "text" && token.value === "to")

/** A ratio, or a time of day with what follows it, as `p.m.`. */
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

const parseSingle = (tokens: Tokens, depth: number): Form => {
  const related = relationParts(tokens)
  if (related.parts.length > 1) return parseRelation(tokens, related, depth, parseTokens)
  const operation = parseSetOperation(tokens, depth)
  if (operation !== undefined) return operation
  const ratio = splitAt(tokens, isRatioSign)
  if (ratio.parts.length > 1 && ratio.parts.every((part) => part.length > 0))
    return parseRatio(ratio.parts, depth)
  return parseWrapped(tokens, depth) ?? parseScalar(tokens, depth, parseTokens)
}

const parseTokens = (tokens: Tokens, depth: number): Form => {
  if (depth > maximumDepth || tokens.length === 0) return verbatim(tokens)
  const list = splitAt(tokens, isListSeparator)
  return parseList(tokens, list, depth, parseTokens) ?? parseSingle(tokens, depth)
}

/** Longest answer that is taken apart, in tokens and characters; a longer one stays verbatim. */
const maximumTokens = 800
const maximumLength = 4000

/** Marks that set mathematics apart from words. */
const withoutMarks = (latex: string): string =>
  latex.replace(/^\s{0,20}\\[([]\s{0,20}/, "").replace(/\s{0,20}\\[)\]]\s{0,20}$/, "")

/** Reads LaTeX, as an answer's box holds it; total: what cannot be read stays verbatim. */
export const parseForm = (latex: string): Form => {
  if (latex.length > maximumLength) return { kind: "verbatim", text: latex }
  const trimmed = withoutMarks(latex.trim()).replace(/(?:\\[.,;!\s]|[.,;\s]|(?<!\\)\$){1,20}$/, "")
  const tokens = tokenize(trimmed)
  return tokens.length > maximumTokens ? verbatim(tokens) : parseTokens(tokens, 0)
}
