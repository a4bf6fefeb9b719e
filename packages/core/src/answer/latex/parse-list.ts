import { isCommand, isSymbol, type Split, type Tokens } from "./brackets.ts"
import { type Form, type Parse, spelledAlike } from "./form.ts"
import { isInequality, isNamed } from "./parse-relation.ts"
import { spellAll, type Token } from "./tokens.ts"

const isSign = (token: Token): boolean => isCommand(token, "pm") || isCommand(token, "mp")

/** The tokens with every `\pm` and `\mp` decided: the upper or the lower of both signs. */
const withSigns = (tokens: Tokens, upper: boolean): Tokens =>
  tokens.map((token) =>
    isSign(token) ? { ...token, kind: "symbol", value: isCommand(token, "pm") === upper ? "+" : "-" } : token
  )

/** `3 \pm 2` stands for two answers; where two signs are free of each other it stays one. */
const expand = (tokens: Tokens, depth: number, parse: Parse): ReadonlyArray<Form> => {
  const isPlural =
    tokens.some(isSign) &&
    tokens.filter((token) => isCommand(token, "pm")).length < 2 &&
    tokens.filter((token) => isCommand(token, "mp")).length < 2 &&
    !tokens.some((token) => isSymbol(token, "="))
  if (!isPlural) return [parse(tokens, depth + 1)]
  return [true, false].map((upper) => parse(withSigns(tokens, upper), depth + 1))
}

/** Forms of the parts, with `\pm` expanded. */
export const expandAll = (parts: ReadonlyArray<Tokens>, depth: number, parse: Parse): ReadonlyArray<Form> =>
  parts.filter((part) => part.length > 0).flatMap((part) => expand(part, depth, parse))

const joins = (token: Token, word: "and" | "or"): boolean =>
  isCommand(token, word === "and" ? "land" : "lor") ||
  (token.kind === "text" && token.value.toLowerCase().includes(word))

/** `n = 2, 3` and `n = 2, n = 3` are both values of n. */
const valuesOfOne = (forms: ReadonlyArray<Form>): Form | undefined => {
  const [first, ...rest] = forms
  if (first === undefined || !isNamed(first)) return undefined
  const [name] = first.sides
  if (name === undefined) return undefined
  const alike = rest.every((form) => isNamed(form) && spelledAlike(form.sides[0], name))
  if (!alike && rest.some((form) => form.kind === "relation")) return undefined
  const items = forms.flatMap((form) => (isNamed(form) ? (form.sides[1] ?? []) : form))
  return { kind: "relation", operators: ["="], sides: [name, { kind: "collection", style: "list", items }] }
}

/** Several answers: in a row, or two that a sign of both kinds stands for; absent for a single one. */
export const parseList = (
  tokens: Tokens,
  { parts, separators }: Split,
  depth: number,
  parse: Parse
): Form | undefined => {
  if (parts.length === 1) {
    const expanded = tokens.some(isSign) ? expandAll(parts, depth, parse) : []
    return expanded.length > 1 ? { kind: "collection", style: "list", items: expanded } : undefined
  }
  const forms = expandAll(parts, depth, parse)
  const [first] = forms
  if (first === undefined) return { kind: "verbatim", text: spellAll(tokens) }
  if (forms.length === 1) return first
  const [either, both] = [
    separators.some((token) => joins(token, "or")),
    separators.some((token) => joins(token, "and"))
  ]
  if (forms.every(isInequality) && either !== both)
    return { kind: "collection", style: either ? "union" : "intersection", items: forms }
  const isLogic = separators.some((token) => isCommand(token, "land") || isCommand(token, "lor"))
  if (isLogic && !forms.every((form) => form.kind === "relation"))
    return { kind: "verbatim", text: spellAll(tokens) }
  return valuesOfOne(forms) ?? { kind: "collection", style: "list", items: forms }
}
