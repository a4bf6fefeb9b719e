import type { Token } from "./tokens.ts"

const maximumDepth = 40

/** Thrown where tokens are no formula that can be read without guessing; `parseExpression` catches it. */
export class Unreadable extends Error {}

/** A place in a run of tokens, and what can be asked of it and taken from it. */
export class TokenReader {
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

  /** Whether an exponent is the circle of degrees. */
  circleIsNext(): boolean {
    return this.is("symbol", "^") && this.is("command", "circ", 1)
  }

  takeCircle(): boolean {
    if (this.circleIsNext()) {
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
}
