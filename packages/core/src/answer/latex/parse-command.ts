import { type Expression, productOf, wholeNumber } from "./expression.ts"
import type { Grammar } from "./grammar.ts"
import { takeDecoration } from "./parse-symbol.ts"
import { Unreadable } from "./token-reader.ts"
import { spellAll } from "./tokens.ts"
import { accents, functions, greek, hyperbolic, logarithms, rounding, startsFactor } from "./vocabulary.ts"

const parseRoot = (reader: Grammar): Expression => {
  const index: Expression = reader.is("symbol", "[") ? reader.group() : wholeNumber(2)
  const token = reader.peek()
  if (token?.kind === "number" && token.value.length > 1) throw new Unreadable("an ambiguous root")
  const of = reader.is("symbol", "(") ? reader.group() : reader.argument()
  const degree = index.kind === "number" && index.value.denominator === 1n ? index.value.numerator : undefined
  if (degree !== undefined && degree >= 2n && degree <= 64n)
    return { kind: "root", of, degree: Number(degree) }
  return { kind: "power", base: of, exponent: { kind: "quotient", of: wholeNumber(1), by: index } }
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
      (token?.kind === "command" &&
        (functions.has(token.value) || logarithms.has(token.value) || hyperbolic.has(token.value)))
    )
      break
    factors.push(reader.postfix())
  }
  return productOf(factors)
}

/** The number of ways to choose `by` of `of`, as factorials. */
export const binomial = (of: Expression, by: Expression): Expression => {
  const difference: Expression = { kind: "sum", terms: [of, { kind: "negative", of: by }] }
  const factorial = (part: Expression): Expression => ({ kind: "factorial", of: part })
  return {
    kind: "quotient",
    of: factorial(of),
    by: { kind: "product", factors: [factorial(by), factorial(difference)] }
  }
}

const exponential = (argument: Expression): Expression => ({ kind: "call", name: "exp", argument })

const imaginary: Expression = { kind: "constant", name: "i" }

/** Hyperbolic functions by their definitions, and `cis t` as `e` to the power `it`. */
const parseHyperbolic = (reader: Grammar, name: string): Expression => {
  if (reader.is("symbol", "^")) throw new Unreadable(`\\${name} with an exponent`)
  const argument = functionArgument(reader)
  const call = (called: "sin" | "cos"): Expression => ({ kind: "call", name: called, argument })
  if (name === "cis")
    return { kind: "sum", terms: [call("cos"), { kind: "product", factors: [imaginary, call("sin")] }] }
  const rising = exponential(argument)
  const falling = exponential({ kind: "negative", of: argument })
  const total: Expression = { kind: "sum", terms: [rising, falling] }
  const difference: Expression = { kind: "sum", terms: [rising, { kind: "negative", of: falling }] }
  if (name === "tanh") return { kind: "quotient", of: difference, by: total }
  return { kind: "quotient", of: name === "sinh" ? difference : total, by: wholeNumber(2) }
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
  if (name === "binom") return binomial(reader.argument(), reader.argument())
  if (name === "sqrt") return parseRoot(reader)
  const brackets = rounding.get(name)
  if (brackets !== undefined) {
    const argument = reader.sum()
    reader.expect(brackets.close)
    return { kind: "call", name: brackets.name, argument }
  }
  if (hyperbolic.has(name)) return parseHyperbolic(reader, name)
  if (logarithms.has(name)) {
    const stated = reader.take("symbol", "_") ? reader.argument() : undefined
    const base = stated ?? (name === "lg" ? wholeNumber(10) : undefined)
    const of = functionArgument(reader)
    return base === undefined ? { kind: "logarithm", of } : { kind: "logarithm", of, base }
  }
  const known = functions.get(name)
  if (known === undefined) throw new Unreadable(`\\${name}`)
  const power = !reader.circleIsNext() && reader.take("symbol", "^") ? reader.exponent() : undefined
  const inverse = power?.kind === "negative"
  const argument = functionArgument(reader)
  if (inverse) {
    const inverted = functions.get(`arc${known}`)
    return inverted === undefined
      ? { kind: "opaque", name: `arc${known}`, argument }
      : { kind: "call", name: inverted, argument }
  }
  const call: Expression = { kind: "call", name: known, argument }
  return power === undefined ? call : { kind: "power", base: call, exponent: power }
}
