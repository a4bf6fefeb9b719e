import { type Expression, productOf } from "./expression.ts"
import type { Grammar } from "./grammar.ts"
import { takeDecoration } from "./parse-symbol.ts"
import { Unreadable } from "./token-reader.ts"
import { spellAll } from "./tokens.ts"
import { accents, functions, greek, startsFactor } from "./vocabulary.ts"

const parseRoot = (reader: Grammar): Expression => {
  let degree = 2
  if (reader.take("symbol", "[")) {
    const token = reader.peek()
    degree = Number(token?.value)
    if (token?.kind !== "number" || !Number.isInteger(degree) || degree < 2 || degree > 64)
      throw new Unreadable("an unusual root")
    reader.at++
    reader.expect("]")
  }
  const token = reader.peek()
  if (token?.kind === "number" && token.value.length > 1) throw new Unreadable("an ambiguous root")
  return { kind: "root", of: reader.is("symbol", "(") ? reader.group() : reader.argument(), degree }
}

/** What a function without parentheses applies to: all factors up to the next operator or function. */
const functionArgument = (reader: Grammar): Expression => {
  if (reader.is("symbol", "(") || reader.is("symbol", "{")) {
    const group = reader.group()
    if (reader.is("symbol", "^") || reader.is("symbol", "!")) throw new Unreadable("an ambiguous argument")
    return group
  }
  const factors = [reader.postfix()]
  while (startsFactor(reader.peek())) {
    const token = reader.peek()
    if (
      token?.kind === "symbol" ||
      (token?.kind === "command" && (functions.has(token.value) || token.value === "log"))
    )
      break
    factors.push(reader.postfix())
  }
  return productOf(factors)
}

const parseBinomial = (reader: Grammar): Expression => {
  const [of, by] = [reader.argument(), reader.argument()]
  const difference: Expression = { kind: "sum", terms: [of, { kind: "negative", of: by }] }
  const factorial = (part: Expression): Expression => ({ kind: "factorial", of: part })
  return {
    kind: "quotient",
    of: factorial(of),
    by: { kind: "product", factors: [factorial(by), factorial(difference)] }
  }
}

/** What a command stands for, with its arguments; its name comes next. */
export const parseCommand = (reader: Grammar, name: string): Expression => {
  reader.at++
  if (name === "pi") return { kind: "constant", name: "pi" }
  if (greek.has(name)) return { kind: "symbol", name: `\\${name}${takeDecoration(reader)}` }
  if (accents.has(name)) {
    const start = reader.at
    reader.argument()
    return { kind: "symbol", name: `\\${name} ${spellAll(reader.tokens.slice(start, reader.at))}` }
  }
  if (name === "frac") {
    const of = reader.argument()
    return { kind: "quotient", of, by: reader.argument() }
  }
  if (name === "binom") return parseBinomial(reader)
  if (name === "sqrt") return parseRoot(reader)
  if (name === "log") {
    const base = reader.take("symbol", "_") ? reader.argument() : undefined
    const of = functionArgument(reader)
    return base === undefined ? { kind: "logarithm", of } : { kind: "logarithm", of, base }
  }
  const known = functions.get(name)
  if (known === undefined) throw new Unreadable(`\\${name}`)
  const power = !reader.circleIsNext() && reader.take("symbol", "^") ? reader.exponent() : undefined
  const inverse = power?.kind === "negative"
  const argument = functionArgument(reader)
  if (inverse) return { kind: "opaque", name: `arc${known}`, argument }
  const call: Expression = { kind: "call", name: known, argument }
  return power === undefined ? call : { kind: "power", base: call, exponent: power }
}
