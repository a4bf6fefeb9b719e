import { fromDecimal, type Rational } from "../rational.ts"
import type { Expression, FunctionName } from "./expression.ts"
import { spellAll, type Token } from "./tokens.ts"

const maximumDepth = 40

/** Thrown inside this file where the tokens are no formula that it can read without guessing. */
class Unreadable extends Error {}

const greek = new Set(
  (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi rho sigma tau upsilon " +
    "phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega infty ell hbar"
  ).split(" ")
)
const functions: ReadonlyMap<string, FunctionName> = new Map(
  (["sin", "cos", "tan", "cot", "sec", "csc", "exp", "ln"] as const).map((name) => [name, name])
)
const accents = new Set("vec overline hat bar tilde overrightarrow".split(" "))

const number = (value: number): Expression => ({
  kind: "number",
  value: { numerator: BigInt(value), denominator: 1n }
})

const asRational = (digits: string): Rational => {
  const value = fromDecimal(digits)
  if (value === undefined) throw new Unreadable("too long a number")
  return value
}

class Parser {
  readonly tokens: Array<Token>
  at = 0
  depth = 0

  constructor(tokens: ReadonlyArray<Token>) {
    this.tokens = [...tokens]
  }

  peek(offset = 0): Token | undefined {
    return this.tokens[this.at + offset]
  }

  is(kind: Token["kind"], value: string, offset = 0): boolean {
    const token = this.peek(offset)
    return token?.kind === kind && token.value === value
  }

  take(kind: Token["kind"], value: string): boolean {
    const found = this.is(kind, value)
    if (found) this.at++
    return found
  }

  expect(value: string): void {
    if (!this.take("symbol", value) && !this.take("command", value)) throw new Unreadable(`no ${value}`)
  }

  nested<A>(parse: () => A): A {
    if (++this.depth > maximumDepth) throw new Unreadable("too deep")
    const result = parse()
    this.depth--
    return result
  }

  sum(): Expression {
    return this.nested(() => {
      const terms: Array<Expression> = []
      do {
        const added = this.take("symbol", "+")
        const negative = this.take("symbol", "-")
        if (negative && !added) this.take("symbol", "+")
        const term = this.product()
        terms.push(negative ? { kind: "negative", of: term } : term)
      } while (this.is("symbol", "+") || this.is("symbol", "-"))
      const [only] = terms
      return terms.length === 1 && only !== undefined ? only : { kind: "sum", terms }
    })
  }

  /** A factor after an explicit operator may carry a sign. */
  signed(): Expression {
    if (this.take("symbol", "-")) return { kind: "negative", of: this.postfix() }
    return this.postfix()
  }

  product(): Expression {
    let value = this.postfix()
    let factors = [value]
    let slashed = false
    for (;;) {
      if (this.take("command", "times") || this.take("symbol", "*")) {
        factors.push(this.signed())
        slashed = false
      } else if (this.take("symbol", "/") || this.take("command", "div")) {
        value = { kind: "quotient", of: joined(factors), by: this.signed() }
        factors = [value]
        slashed = true
      } else if (this.startsFactor()) {
        // `1/2x` is read as half of x by some and as 1 over 2x by others.
        if (slashed) throw new Unreadable("an ambiguous quotient")
        factors.push(this.postfix())
      } else return joined(factors)
    }
  }

  /** Whether the next token can stand beside a factor and multiply it. */
  startsFactor(): boolean {
    const token = this.peek()
    if (token === undefined) return false
    if (token.kind === "letters") return true
    if (token.kind === "symbol") return token.value === "(" || token.value === "{"
    if (token.kind !== "command") return false
    const { value } = token
    return (
      ["frac", "sqrt", "pi", "log", "binom"].includes(value) ||
      greek.has(value) ||
      functions.has(value) ||
      accents.has(value)
    )
  }

  postfix(): Expression {
    let value = this.primary()
    for (;;) {
      if (this.take("symbol", "!")) value = { kind: "factorial", of: value }
      else if (this.is("symbol", "^")) {
        const degrees = this.takeCircle()
        if (degrees) value = { kind: "degrees", of: value }
        else {
          this.at++
          value = { kind: "power", base: value, exponent: this.exponent() }
          if (this.is("symbol", "^")) throw new Unreadable("two exponents")
        }
      } else return value
    }
  }

  takeCircle(): boolean {
    if (this.is("symbol", "^") && this.is("command", "circ", 1)) {
      this.at += 2
      return true
    }
    const wrapped =
      this.is("symbol", "^") &&
      this.is("symbol", "{", 1) &&
      this.is("command", "circ", 2) &&
      this.is("symbol", "}", 3)
    if (wrapped) this.at += 4
    return wrapped
  }

  exponent(): Expression {
    if (this.take("symbol", "-")) return { kind: "negative", of: this.primary() }
    if (this.is("symbol", "{") || this.is("symbol", "(")) return this.group()
    const token = this.peek()
    if (token?.kind !== "number") return this.argument()
    this.at++
    return { kind: "number", value: asRational(token.value) }
  }

  group(): Expression {
    const close = { "(": ")", "{": "}", "[": "]" }[this.peek()?.value ?? ""]
    if (close === undefined) throw new Unreadable("no group")
    this.at++
    const inner = this.sum()
    this.expect(close)
    return inner
  }

  /** A macro's argument: a group, or one digit, letter or command. */
  argument(): Expression {
    const token = this.peek()
    if (token?.kind === "symbol" && token.value === "{") return this.group()
    if (token?.kind === "number" && /^\d+$/.test(token.value)) {
      const rest = token.value.slice(1)
      if (rest === "") this.at++
      else this.tokens[this.at] = { ...token, value: rest, spaced: false }
      return number(Number(token.value[0]))
    }
    if (token?.kind === "letters" && token.value.length > 1) throw new Unreadable("an ambiguous argument")
    return this.nested(() => this.primary())
  }

  /** `8` and `\frac18`, or `8`, `1`, `/`, `8`: a mixed number's fraction, if that is what comes next. */
  mixedPart(): Expression | undefined {
    const start = this.at
    const saved = this.tokens.slice(start, start + 3)
    const isPlain = (part: Expression): number | undefined =>
      part.kind === "number" && part.value.denominator === 1n ? Number(part.value.numerator) : undefined
    let parts: readonly [number | undefined, number | undefined] = [undefined, undefined]
    if (this.take("command", "frac")) {
      try {
        const of = this.argument()
        parts = [isPlain(of), isPlain(this.argument())]
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error
      }
    } else if (
      this.peek()?.kind === "number" &&
      this.is("symbol", "/", 1) &&
      this.peek(2)?.kind === "number"
    ) {
      parts = [Number(this.peek()?.value), Number(this.peek(2)?.value)]
      this.at += 3
    }
    const [of, by] = parts
    if (
      of !== undefined &&
      by !== undefined &&
      Number.isInteger(of) &&
      Number.isInteger(by) &&
      of < by &&
      !this.is("symbol", "^")
    )
      return { kind: "quotient", of: number(of), by: number(by) }
    this.at = start
    // Reading `\frac12` takes its digits apart.
    this.tokens.splice(start, saved.length, ...saved)
    return undefined
  }

  primary(): Expression {
    const token = this.peek()
    if (token === undefined) throw new Unreadable("nothing")
    if (token.kind === "number") {
      this.at++
      const value: Expression = { kind: "number", value: asRational(token.value) }
      const part = /^\d+$/.test(token.value) ? this.mixedPart() : undefined
      return part === undefined ? value : { kind: "sum", terms: [value, part] }
    }
    if (token.kind === "letters") return this.symbol(token.value)
    if (token.kind === "symbol") {
      if (token.value === "|") {
        this.at++
        const of = this.sum()
        this.expect("|")
        return { kind: "absolute", of }
      }
      return this.group()
    }
    if (token.kind === "command") return this.command(token.value)
    throw new Unreadable("a text")
  }

  symbol(letters: string): Expression {
    this.at++
    if (letters === "e" || letters === "i") {
      if (!this.is("symbol", "_")) return { kind: "constant", name: letters }
    }
    const name = letters + this.decoration()
    if (/^[fgh]/.test(name) && this.is("symbol", "(")) return { kind: "opaque", name, argument: this.group() }
    return { kind: "symbol", name }
  }

  /** A symbol's primes and subscript, as part of its name. */
  decoration(): string {
    let decoration = ""
    for (;;) {
      if (this.take("symbol", "'")) decoration += "'"
      else if (this.take("symbol", "_")) {
        const start = this.at
        if (this.is("symbol", "{")) {
          while (this.peek() !== undefined && !this.is("symbol", "}")) this.at++
          this.expect("}")
          decoration += `_${spellAll(this.tokens.slice(start + 1, this.at - 1))}`
        } else {
          this.at++
          decoration += `_${spellAll(this.tokens.slice(start, this.at))}`
        }
      } else return decoration
    }
  }

  command(name: string): Expression {
    this.at++
    if (name === "pi") return { kind: "constant", name: "pi" }
    if (greek.has(name)) return { kind: "symbol", name: `\\${name}${this.decoration()}` }
    if (accents.has(name)) {
      const start = this.at
      this.argument()
      return { kind: "symbol", name: `\\${name} ${spellAll(this.tokens.slice(start, this.at))}` }
    }
    if (name === "frac") {
      const of = this.argument()
      return { kind: "quotient", of, by: this.argument() }
    }
    if (name === "binom") {
      const [of, by] = [this.argument(), this.argument()]
      const difference: Expression = { kind: "sum", terms: [of, { kind: "negative", of: by }] }
      const [above, left, right] = [of, by, difference].map(
        (part): Expression => ({ kind: "factorial", of: part })
      )
      if (above === undefined || left === undefined || right === undefined)
        throw new Unreadable("no binomial")
      return { kind: "quotient", of: above, by: { kind: "product", factors: [left, right] } }
    }
    if (name === "sqrt") return this.root()
    if (name === "log") {
      const base = this.take("symbol", "_") ? this.argument() : undefined
      const of = this.functionArgument()
      return base === undefined ? { kind: "logarithm", of } : { kind: "logarithm", of, base }
    }
    const known = functions.get(name)
    if (known === undefined) throw new Unreadable(`\\${name}`)
    const power = !this.takeCircleIsNext() && this.take("symbol", "^") ? this.exponent() : undefined
    const inverse = power?.kind === "negative"
    const argument = this.functionArgument()
    if (inverse) return { kind: "opaque", name: `arc${known}`, argument }
    const call: Expression = { kind: "call", name: known, argument }
    return power === undefined ? call : { kind: "power", base: call, exponent: power }
  }

  takeCircleIsNext(): boolean {
    return this.is("symbol", "^") && this.is("command", "circ", 1)
  }

  root(): Expression {
    let degree = 2
    if (this.take("symbol", "[")) {
      const token = this.peek()
      degree = Number(token?.value)
      if (token?.kind !== "number" || !Number.isInteger(degree) || degree < 2 || degree > 64)
        throw new Unreadable("an unusual root")
      this.at++
      this.expect("]")
    }
    const token = this.peek()
    if (token?.kind === "number" && token.value.length > 1) throw new Unreadable("an ambiguous root")
    return { kind: "root", of: this.is("symbol", "(") ? this.group() : this.argument(), degree }
  }

  /** What a function without parentheses applies to: all factors up to the next operator or function. */
  functionArgument(): Expression {
    if (this.is("symbol", "(") || this.is("symbol", "{")) {
      const group = this.group()
      if (this.is("symbol", "^") || this.is("symbol", "!")) throw new Unreadable("an ambiguous argument")
      return group
    }
    const factors = [this.postfix()]
    while (this.startsFactor()) {
      const token = this.peek()
      if (
        token?.kind === "symbol" ||
        (token?.kind === "command" && (functions.has(token.value) || token.value === "log"))
      )
        break
      factors.push(this.postfix())
    }
    return joined(factors)
  }
}

const joined = (factors: ReadonlyArray<Expression>): Expression => {
  const [only] = factors
  return factors.length === 1 && only !== undefined ? only : { kind: "product", factors }
}

/** Longest formula that is parsed, in tokens. */
const maximumTokens = 400

/** The formula that the tokens are; absent where they are none, or one that could be read in two ways. */
export const parseExpression = (tokens: ReadonlyArray<Token>): Expression | undefined => {
  if (tokens.length === 0 || tokens.length > maximumTokens) return undefined
  const parser = new Parser(tokens)
  try {
    const expression = parser.sum()
    return parser.peek() === undefined ? expression : undefined
  } catch (error) {
    if (error instanceof Unreadable) return undefined
    throw error
  }
}
