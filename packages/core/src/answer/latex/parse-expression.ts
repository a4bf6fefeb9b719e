import { fromDecimal, fromRepeating, type Rational } from "../rational.ts"
import { type Expression, productOf, wholeNumber } from "./expression.ts"
import type { Grammar } from "./grammar.ts"
import { mixedPart } from "./mixed-number.ts"
import { binomial, parseCommand } from "./parse-command.ts"
import { parseSymbol } from "./parse-symbol.ts"
import { TokenReader, Unreadable } from "./token-reader.ts"
import type { Token } from "./tokens.ts"
import { startsFactor } from "./vocabulary.ts"

const asRational = (digits: string): Rational => {
  const value = digits.endsWith(")") ? fromRepeating(digits) : fromDecimal(digits)
  if (value === undefined) throw new Unreadable("too long a number")
  return value
}

class Parser extends TokenReader implements Grammar {
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
        value = { kind: "quotient", of: productOf(factors), by: this.signed() }
        factors = [value]
        slashed = true
      } else if (startsFactor(this.peek())) {
        // `1/2x` is read as half of x by some and as 1 over 2x by others.
        if (slashed) throw new Unreadable("an ambiguous quotient")
        factors.push(this.postfix())
      } else return productOf(factors)
    }
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
    const inner = this.infix()
    this.expect(close)
    return inner
  }

  /** A group's content: a sum, or two with TeX's `\\over` or `\\choose` between them. */
  infix(): Expression {
    const of = this.sum()
    if (this.take("command", "over")) return { kind: "quotient", of, by: this.sum() }
    return this.take("command", "choose") ? binomial(of, this.sum()) : of
  }

  /** A macro's argument: a group, or one digit, letter or command. */
  argument(): Expression {
    const token = this.peek()
    if (token?.kind === "symbol" && token.value === "{") return this.group()
    if (token?.kind === "number" && /^\d+$/.test(token.value)) {
      const rest = token.value.slice(1)
      if (rest === "") this.at++
      else this.tokens[this.at] = { ...token, value: rest, spaced: false }
      return wholeNumber(Number(token.value[0]))
    }
    if (token?.kind === "letters" && token.value.length > 1) throw new Unreadable("an ambiguous argument")
    return this.nested(() => this.primary())
  }

  primary(): Expression {
    const token = this.peek()
    if (token === undefined) throw new Unreadable("nothing")
    if (token.kind === "number") {
      this.at++
      const value: Expression = { kind: "number", value: asRational(token.value) }
      const part = /^\d+$/.test(token.value) ? mixedPart(this) : undefined
      return part === undefined ? value : { kind: "sum", terms: [value, part] }
    }
    if (token.kind === "letters") return parseSymbol(this, token.value)
    if (token.kind === "symbol") {
      if (token.value === "|") {
        this.at++
        const of = this.sum()
        this.expect("|")
        return { kind: "absolute", of }
      }
      return this.group()
    }
    if (token.kind === "command") return parseCommand(this, token.value)
    throw new Unreadable("a text")
  }
}

/** Longest formula that is parsed, in tokens. */
const maximumTokens = 400

/** The formula that the tokens are; absent where they are none, or one that could be read in two ways. */
export const parseExpression = (tokens: ReadonlyArray<Token>): Expression | undefined => {
  if (tokens.length === 0 || tokens.length > maximumTokens) return undefined
  const parser = new Parser(tokens)
  try {
    const expression = parser.infix()
    return parser.peek() === undefined ? expression : undefined
  } catch (error) {
    if (error instanceof Unreadable) return undefined
    throw error
  }
}
