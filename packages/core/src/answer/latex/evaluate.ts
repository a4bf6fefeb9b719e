import { children, type Expression, type FunctionName } from "./expression.ts"
import {
  add,
  cos,
  divide,
  e,
  exp,
  fractionBits,
  type Interval,
  isZero,
  ln,
  multiply,
  negate,
  pi,
  ratio,
  root,
  sign,
  sin,
  Undefined,
  Unknown,
  unit,
  whole,
  zero
} from "./fixed.ts"
import { arccos, arcsin, arctan } from "./fixed-arc.ts"

/** A complex number; almost always real, with an imaginary part of exactly zero. */
export interface Complex {
  readonly re: Interval
  readonly im: Interval
}

/** What is known of a formula's value at a point. */
export type Evaluation =
  | { readonly kind: "value"; readonly value: Complex }
  | { readonly kind: "undefined" }
  | { readonly kind: "unknown" }

/** The values of the symbols, and whether roots of negative numbers are imaginary or undefined. */
export interface Point {
  readonly symbol: (name: string) => Interval
  readonly complex: boolean
}

const real = (re: Interval): Complex => ({ re, im: zero })
const one = whole(1n)

const isReal = (x: Complex): boolean => isZero(x.im)
const asReal = (x: Complex): Interval => {
  if (!isReal(x)) throw new Unknown("a function of a complex number")
  return x.re
}

const plus = (x: Complex, y: Complex): Complex => ({ re: add(x.re, y.re), im: add(x.im, y.im) })
const minus = (x: Complex): Complex => ({ re: negate(x.re), im: negate(x.im) })
const times = (x: Complex, y: Complex): Complex =>
  isReal(x) && isReal(y)
    ? real(multiply(x.re, y.re))
    : {
        re: add(multiply(x.re, y.re), negate(multiply(x.im, y.im))),
        im: add(multiply(x.re, y.im), multiply(x.im, y.re))
      }
const over = (x: Complex, y: Complex): Complex => {
  if (isReal(y)) return { re: divide(x.re, y.re), im: divide(x.im, y.re) }
  const size = add(multiply(y.re, y.re), multiply(y.im, y.im))
  const product = times(x, { re: y.re, im: negate(y.im) })
  return { re: divide(product.re, size), im: divide(product.im, size) }
}

/** The whole number that an interval is; absent if it is none or is inexact. */
const exactWhole = (x: Interval): bigint | undefined =>
  x.low === x.high && x.low % unit === 0n ? x.low / unit : undefined

const maximumExponent = 2000n

const wholePower = (base: Complex, exponent: bigint): Complex => {
  if (exponent < 0n) return over(real(one), wholePower(base, -exponent))
  if (exponent > maximumExponent) throw new Unknown("too large an exponent")
  let [result, square] = [real(one), base]
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = times(result, square)
    if (rest > 1n) square = times(square, square)
  }
  return result
}

/** e to the power x (Euler's formula). */
const exponential = (x: Complex): Complex => {
  const size = exp(x.re)
  return isReal(x) ? real(size) : { re: multiply(size, cos(x.im)), im: multiply(size, sin(x.im)) }
}

const raise = (base: Complex, exponent: Complex): Complex => {
  if (!isReal(exponent)) {
    const positive = asReal(base)
    if (sign(positive) <= 0) throw new Unknown("a complex power of a number that is not positive")
    return exponential(times(exponent, real(ln(positive))))
  }
  const power = exponent.re
  const count = exactWhole(power)
  if (count !== undefined) {
    if (count === 0n && isReal(base) && isZero(base.re)) throw new Undefined("0 to the power 0")
    return wholePower(base, count)
  }
  const positive = asReal(base)
  if (isZero(positive)) {
    if (sign(power) > 0) return real(zero)
    throw new Undefined("0 to a negative power")
  }
  if (sign(positive) < 0) throw new Undefined("a broken power of a negative number")
  return real(exp(multiply(power, ln(positive))))
}

const takeRoot = (of: Complex, degree: number, point: Point): Complex => {
  const radicand = asReal(of)
  if (sign(radicand) >= 0) return real(root(radicand, degree))
  const opposite = root(negate(radicand), degree)
  if (degree === 2 && point.complex) return { re: zero, im: opposite }
  if (degree % 2 === 1) return real(negate(opposite))
  throw new Undefined("an even root of a negative number")
}

const factorial = (of: Complex): Complex => {
  const count = exactWhole(asReal(of))
  if (count === undefined || count < 0n || count > 1500n) throw new Unknown("no small whole number")
  let product = 1n
  for (let n = 2n; n <= count; n++) product *= n
  return real(whole(product))
}

/** The whole number below or above, where it is certain. */
const rounded = (x: Interval, up: boolean): Interval => {
  const [low, high] = [x.low, x.high].map((end) => (up ? -(-end >> fractionBits) : end >> fractionBits))
  if (low === undefined || low !== high) throw new Unknown("which side of a whole number is uncertain")
  return whole(low)
}

const call = (name: FunctionName, x: Interval): Interval => {
  switch (name) {
    case "sin":
      return sin(x)
    case "cos":
      return cos(x)
    case "tan":
      return divide(sin(x), cos(x))
    case "cot":
      return divide(cos(x), sin(x))
    case "sec":
      return divide(one, cos(x))
    case "csc":
      return divide(one, sin(x))
    case "exp":
      return exp(x)
    case "ln":
      return ln(x)
    case "arcsin":
      return arcsin(x)
    case "arccos":
      return arccos(x)
    case "arctan":
      return arctan(x)
    case "floor":
      return rounded(x, false)
    case "ceil":
      return rounded(x, true)
  }
}

/** `\log` without a base means 10 to some and e to others. Another fixed base keeps its laws and equals neither. */
const unnamedBase = whole(7n)

const value = (expression: Expression, point: Point): Complex => {
  const of = (part: Expression): Complex => value(part, point)
  switch (expression.kind) {
    case "number":
      return real(ratio(expression.value.numerator, expression.value.denominator))
    case "symbol":
      return real(point.symbol(expression.name))
    case "constant":
      return expression.name === "i" ? { re: zero, im: one } : real(expression.name === "pi" ? pi : e)
    case "sum":
      return expression.terms.map(of).reduce(plus)
    case "product":
      return expression.factors.map(of).reduce(times)
    case "quotient":
      return over(of(expression.of), of(expression.by))
    case "negative":
      return minus(of(expression.of))
    case "power":
      return raise(of(expression.base), of(expression.exponent))
    case "root":
      return takeRoot(of(expression.of), expression.degree, point)
    case "factorial":
      return factorial(of(expression.of))
    case "absolute": {
      const x = of(expression.of)
      if (isReal(x)) return sign(x.re) < 0 ? minus(x) : x
      return real(root(add(multiply(x.re, x.re), multiply(x.im, x.im)), 2))
    }
    case "degrees":
      return times(of(expression.of), real(divide(pi, whole(180n))))
    case "call": {
      const argument = of(expression.argument)
      return expression.name === "exp" ? exponential(argument) : real(call(expression.name, asReal(argument)))
    }
    case "logarithm": {
      const base = expression.base === undefined ? unnamedBase : asReal(of(expression.base))
      return real(divide(ln(asReal(of(expression.of))), ln(base)))
    }
    case "opaque":
      throw new Unknown(expression.name)
  }
}

/** The formula's value at a point, as narrow intervals. */
export const evaluate = (expression: Expression, point: Point): Evaluation => {
  try {
    return { kind: "value", value: value(expression, point) }
  } catch (error) {
    if (error instanceof Undefined) return { kind: "undefined" }
    if (error instanceof Unknown) return { kind: "unknown" }
    throw error
  }
}

/** Their series takes roots of its own first. */
const arcs: ReadonlySet<FunctionName> = new Set(["arcsin", "arccos", "arctan"])

/** What a formula holds, for choosing the points at which to look at it. */
export interface Survey {
  readonly symbols: ReadonlySet<string>
  /** Whether it names the imaginary unit. */
  readonly imaginary: boolean
  readonly nodes: number
  /** Nodes whose value is a series or a root. */
  readonly costly: number
}

const costlyKinds: ReadonlySet<Expression["kind"]> = new Set([
  "root",
  "call",
  "logarithm",
  "power",
  "factorial"
])

export const survey = (expression: Expression): Survey => {
  const symbols = new Set<string>()
  let imaginary = false
  let nodes = 0
  let costly = 0
  const visit = (part: Expression): void => {
    nodes++
    if (costlyKinds.has(part.kind)) costly += part.kind === "call" && arcs.has(part.name) ? 4 : 1
    if (part.kind === "symbol") symbols.add(part.name)
    if (part.kind === "constant" && part.name === "i") imaginary = true
    for (const child of children(part)) visit(child)
  }
  visit(expression)
  return { symbols, imaginary, nodes, costly }
}
