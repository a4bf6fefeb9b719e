import { isCommand, isSymbol, splitAt, type Tokens } from "./brackets.ts"
import type { Form, Parse } from "./form.ts"

/** The tokens of an array's body, without the layout of its columns, as `{cc|c}`. */
const withoutLayout = (tokens: Tokens): Tokens => {
  if (!isSymbol(tokens[0], "{")) return tokens
  return tokens.slice(tokens.findIndex((token) => isSymbol(token, "}")) + 1)
}

/** A `matrix`, `pmatrix`, `vmatrix`, `array` and their like; absent for other environments. */
export const parseMatrix = (tokens: Tokens, depth: number, parse: Parse): Form | undefined => {
  const name = tokens[0]?.value.slice("begin ".length) ?? ""
  const isArray = name === "array"
  if ((!isArray && !/matrix\*?$/.test(name)) || !isCommand(tokens.at(-1), `end ${name}`)) return undefined
  const body = tokens.slice(1, -1)
  const rows = splitAt(isArray ? withoutLayout(body) : body, (token) => isCommand(token, "\\"))
    .parts.filter((row) => row.length > 0)
    .map((row) => splitAt(row, (token) => isSymbol(token, "&")).parts.map((cell) => parse(cell, depth + 1)))
  const isPlain = isArray || /^(?:[pb]|small)?matrix$/.test(name)
  return { kind: "matrix", style: isPlain ? "matrix" : name, rows }
}
