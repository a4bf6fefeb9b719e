import { isSymbol, type Split, splitAt, type Tokens } from "./brackets.ts"
import type { Form, Parse } from "./form.ts"
import { expandAll } from "./parse-list.ts"
import { relationParts } from "./parse-relation.ts"
import type { Token } from "./tokens.ts"

const isSuchThat = (token: Token): boolean => isSymbol(token, "|") || isSymbol(token, ":")

/** The condition of `\{x \mid x > 3\}`, which commas join as `and` does; absent for a set that lists its elements. */
const conditionOf = (inner: Tokens): Tokens | undefined => {
  const { parts } = splitAt(inner, isSuchThat)
  const [name, condition] = parts
  if (parts.length !== 2 || name?.[0]?.kind !== "letters" || condition === undefined) return undefined
  const isCondition = relationParts(condition).parts.length > 1
  const isName = name.length === 1 || relationParts(name).parts.length === 2
  if (!isCondition || !isName) return undefined
  return condition.map((token) =>
    isSymbol(token, ",") ? { ...token, kind: "command", value: "land" } : token
  )
}

/** What stands between `\{` and `\}`: elements, or a name and a condition. */
export const parseSet = (inner: Tokens, list: Split, depth: number, parse: Parse): Form => {
  const condition = conditionOf(inner)
  if (condition !== undefined) return parse(condition, depth + 1)
  return { kind: "collection", style: "set", items: expandAll(list.parts, depth, parse) }
}
