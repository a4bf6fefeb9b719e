import { add, divide, fromDecimal, multiply, negate, power, type Rational, rational } from "./rational.ts"

/** A number or a sum that was found in running text. */
export interface FoundNumber {
  readonly value: Rational
  /** Where its words start and end in the text that was searched. */
  readonly start: number
  readonly end: number
}

const fractions: Readonly<Record<string, string>> = {
  "½": "1/2",
  "¼": "1/4",
  "¾": "3/4",
  "⅓": "1/3",
  "⅔": "2/3"
}

/** Turns the LaTeX, Unicode and markup that numbers are written in into plain characters. */
export const plain = (text: string): string =>
  text
    .replace(/\\[dt]?frac\s?\{(\d{1,20})\}\s?\{(\d{1,20})\}/g, " $1/$2")
    .replace(/\\[dt]?frac\s?(\d)\s?(\d)/g, " $1/$2")
    .replace(/\\[dt]?frac\s?\{([^{}]{1,60})\}\s?\{([^{}]{1,60})\}/g, "(($1)/($2))")
    .replace(/\\(?:text|mathrm|mbox|textbf|mathbf|textrm|displaystyle|left|right)(?![a-zA-Z])/g, "")
    .replace(/[½¼¾⅓⅔]/g, (sign) => ` ${fractions[sign] ?? ""}`)
    .replace(/\\times|\\cdot|[×·⋅]/g, "*")
    .replace(/\\div|÷/g, "/")
    .replace(/[−–]/g, "-")
    .replace(/\{,\}/g, ",")
    .replace(/\\!/g, "")
    .replace(/\\[,; ]|[~\u00a0\u2009\u202f]/g, " ")
    .replace(/\\[()[\]]/g, " ")
    .replace(/\\([$%#&_])/g, "$1")
    .replace(/(\d)\*\*(?=\d)/g, "$1^")
    .replace(/\*\*/g, "")
    .replace(/\{/g, "(")
    .replace(/\}/g, ")")

const scales: Readonly<Record<string, bigint>> = {
  thousand: 1_000n,
  million: 1_000_000n,
  billion: 1_000_000_000n
}

const maximumDepth = 10

/** A longer sum or product is noise. */
const maximumOperands = 40

/** Recursive descent over one line of plain text; every parser leaves `at` where it was when it finds nothing. */
class Reader {
  readonly text: string
  at: number

  constructor(text: string, at: number) {
    this.text = text
    this.at = at
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)
    if (found !== null) this.at += found[0].length
    return found
  }

  private decimal(): Rational | undefined {
    const mixed = this.match(/(\d{1,9})[ \t]{1,3}(\d{1,6})[ \t]?\/[ \t]?(\d{1,6})(?![\d.,]*\d)/y)
    if (mixed !== null) {
      const [whole, part, parts] = [BigInt(mixed[1] ?? 0), BigInt(mixed[2] ?? 0), BigInt(mixed[3] ?? 0)]
      if (part < parts) return rational(whole * parts + part, parts)
      this.at -= mixed[0].length
    }
    const grouped = this.match(/\d{1,3}(?:(?:,[ \t]?\d{3})+|(?:[ \t]\d{3})+)(?!\d)(?:\.\d+)?/y)
    const digits = grouped ?? this.match(/(?:\d+(?:\.\d+)?|(?<!\w)\.\d+)(?:[eE][+-]?\d{1,3}(?![\d\w]))?/y)
    return digits === null ? undefined : fromDecimal(digits[0].replace(/[, \t]/g, ""))
  }

  private primary(depth: number): Rational | undefined {
    const start = this.at
    this.match(/(?:US|USD|Rs\.?)?[ \t]{0,2}[$€£¥₹][ \t]?/y)
    if (this.text[this.at] === "(") {
      this.at++
      this.match(/[ \t]{1,9}/y)
      const inner = depth < maximumDepth ? this.sum(depth + 1) : undefined
      if (inner !== undefined && this.match(/[ \t]{0,9}\)/y) !== null) return inner
      this.at = start
      return undefined
    }
    const value = this.decimal()
    if (value === undefined) {
      this.at = start
      return undefined
    }
    this.match(/[ \t]?%/y)
    const scale = this.match(/[ \t]{1,2}(thousand|million|billion)\b/iy)?.[1]
    if (scale === undefined) return value
    return multiply(value, { numerator: scales[scale.toLowerCase()] ?? 1n, denominator: 1n })
  }

  private factor(depth: number): Rational | undefined {
    const start = this.at
    const sign = this.match(/[+-][ \t]{0,2}/y)?.[0][0]
    const base = this.primary(depth)
    if (base === undefined) {
      this.at = start
      return undefined
    }
    let value: Rational | undefined = base
    const beforePower = this.at
    if (this.match(/[ \t]?\^[ \t]?/y) !== null) {
      const exponent = depth < maximumDepth ? this.factor(depth + 1) : undefined
      if (exponent === undefined) this.at = beforePower
      else value = power(base, exponent)
    }
    if (value === undefined) throw unknownValue
    return sign === "-" ? negate(value) : value
  }

  private chain(
    operator: RegExp,
    operand: () => Rational | undefined,
    apply: (sign: string, left: Rational, right: Rational) => Rational | undefined
  ): Rational | undefined {
    let value = operand()
    for (let operands = 1; value !== undefined; operands++) {
      if (operands > maximumOperands) throw unknownValue
      const before = this.at
      const sign = this.match(operator)?.[0].trim()
      const right = sign === undefined ? undefined : operand()
      if (sign === undefined || right === undefined) {
        this.at = before
        return value
      }
      value = apply(sign, value, right)
      if (value === undefined) throw unknownValue
    }
    return value
  }

  private product(depth: number): Rational | undefined {
    return this.chain(
      /[ \t]{0,4}(?:[*/]|(?<=\d[ \t]{0,4})[xX](?=[ \t]{0,4}[$\d]))[ \t]{0,4}/y,
      () => this.factor(depth),
      (sign, left, right) => (sign === "/" ? divide(left, right) : multiply(left, right))
    )
  }

  sum(depth: number): Rational | undefined {
    return this.chain(
      /[ \t]{0,4}[+-][ \t]{0,4}/y,
      () => this.product(depth),
      (sign, left, right) => add(left, sign === "-" ? negate(right) : right)
    )
  }
}

/** Thrown inside this file for a sum that has no value, as `1/0`, or one too large to be meant. */
const unknownValue = new Error("no value")

const opensSum = /\([\s$€£¥₹(+.-]{0,14}\d/y
const startsNumber = /[\d.(+$€£¥₹-]/g

/** The first number or sum of `text` from `from` on; a sum without a value is `none` but still consumed. */
const nextNumber = (
  text: string,
  from: number
): { readonly found?: FoundNumber; readonly end: number } | undefined => {
  startsNumber.lastIndex = from
  for (let match = startsNumber.exec(text); match !== null; match = startsNumber.exec(text)) {
    // The `2` of `x2` is part of a name, and the hyphen of `twenty-1` no sign.
    const isGlued = /[\p{L}_]/u.test(text[match.index - 1] ?? "")
    if (isGlued && match[0] !== "(" && match[0] !== "$") {
      if (/\d/.test(match[0]))
        startsNumber.lastIndex = match.index + (/^\d+/.exec(text.slice(match.index))?.[0].length ?? 1)
      continue
    }
    opensSum.lastIndex = match.index
    if (match[0] === "(" && !opensSum.test(text)) continue
    const reader = new Reader(text, match.index)
    try {
      const value = reader.sum(0)
      if (value !== undefined) return { found: { value, start: match.index, end: reader.at }, end: reader.at }
    } catch (error) {
      if (error !== unknownValue) throw error
      return { end: Math.max(reader.at, match.index + 1) }
    }
    if (/\d/.test(match[0])) {
      const run = /[\d.,]+/y
      run.lastIndex = match.index
      return { end: match.index + Math.max(1, run.exec(text)?.[0].length ?? 1) }
    }
  }
  return undefined
}

/** The first number or sum of a text that `plain` has prepared; absent if there is none, or if the first has no value. */
export const firstNumber = (text: string): FoundNumber | undefined => nextNumber(text, 0)?.found

/** The last number or sum of a text that `plain` has prepared; absent if there is none, or if the last has no value. */
export const lastNumber = (text: string): FoundNumber | undefined => {
  let last: FoundNumber | undefined
  for (let next = nextNumber(text, 0); next !== undefined; next = nextNumber(text, next.end))
    last = next.found
  return last
}
