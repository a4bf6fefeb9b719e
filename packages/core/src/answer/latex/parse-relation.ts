import { print } from "../rational.ts"
import { type Split, splitAt, type Tokens } from "./brackets.ts"
import { rationalValue } from "./expression.ts"
import type { Form, Parse } from "./form.ts"
import { spellAll, type Token } from "./tokens.ts"

export type Relation = Extract<Form, { readonly kind: "relation" }>

const symbols = new Set(["=", "<", ">"])
const commands = new Set(["le", "ge", "ne", "approx", "in", "equiv", "sim"])
const isRelation = (token: Token): boolean =>
  (token.kind === "symbol" && symbols.has(token.value)) ||
  (token.kind === "command" && commands.has(token.value))

/** The sides of a relation, and the signs between them. */
export const relationParts = (tokens: Tokens): Split => splitAt(tokens, isRelation)

/** What only names a quantity: a function with its argument, an angle, a figure. */
const named =
  /^(?:\p{L}(?: \^ \{ - 1 \})? \( \p{L} \)|(?:m )?\\(?:measured)?(?:angle|triangle)(?: \p{L}{1,6}){1,6})$/u

const parseSide = (tokens: Tokens, depth: number, parse: Parse): Form => {
  const spelled = spellAll(tokens)
  return named.test(spelled) ? { kind: "word", text: spelled } : parse(tokens, depth + 1)
}

/** A name that an answer may carry in front: `x`, `x_1`, `AB`, `f(x)`, `\theta`. */
const isName = (form: Form | undefined): boolean =>
  form?.kind === "word" || (form?.kind === "scalar" && form.expression.kind === "symbol")

const naming = new Set(["=", "in", "approx"])

/** Whether a form is `name = value` or `name \in value`. */
export const isNamed = (form: Form): form is Relation =>
  form.kind === "relation" &&
  form.sides.length === 2 &&
  naming.has(form.operators[0] ?? "") &&
  isName(form.sides[0])

const ordering = new Set(["<", ">", "le", "ge", "ne"])

/** Whether a form only orders or separates its sides. */
export const isInequality = (form: Form): boolean =>
  form.kind === "relation" && form.operators.every((operator) => ordering.has(operator))

const numberOf = (form: Form | undefined): string | undefined => {
  const value = form?.kind === "scalar" ? rationalValue(form.expression) : undefined
  return value === undefined ? undefined : print(value)
}

/** Whether a side only restates the one before it: the same number after `=`, or a number after `\approx`. */
const restates = (operator: string, side: Form, before: Form | undefined): boolean => {
  const number = numberOf(side)
  if (number === undefined || before?.kind !== "scalar" || isName(before)) return false
  return operator === "approx" || (operator === "=" && numberOf(before) === number)
}

/** A relation; what only restates a number, as in `x = \frac34 = 0.75`, is left out. */
export const parseRelation = (
  tokens: Tokens,
  { parts, separators }: Split,
  depth: number,
  parse: Parse
): Form => {
  const [first, second] = parts
  // `\approx 8.24` stands for its right side.
  if (parts.length === 2 && first?.length === 0 && second !== undefined && second.length > 0)
    return parse(second, depth + 1)
  if (parts.some((part) => part.length === 0)) return { kind: "verbatim", text: spellAll(tokens) }
  const sides: Array<Form> = []
  const operators: Array<string> = []
  for (const [index, part] of parts.entries()) {
    const side = parseSide(part, depth, parse)
    const operator = separators[index - 1]?.value
    if (operator !== undefined && restates(operator, side, sides.at(-1))) continue
    sides.push(side)
    if (operator !== undefined) operators.push(operator)
  }
  const [only] = sides
  return sides.length === 1 && only !== undefined ? only : { kind: "relation", operators, sides }
}
