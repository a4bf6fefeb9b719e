/** An exact fraction in lowest terms; the denominator is positive. */
export interface Rational {
  readonly numerator: bigint
  readonly denominator: bigint
}

const gcd = (a: bigint, b: bigint): bigint => {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b]
  while (y !== 0n) [x, y] = [y, x % y]
  return x
}

/** Numbers of more digits are not computed with: an answer never has them, hostile text does. */
const maximumDigits = 400

/** The fraction in lowest terms; absent for a zero denominator. */
export const rational = (numerator: bigint, denominator = 1n): Rational | undefined => {
  if (denominator === 0n) return undefined
  const divisor = gcd(numerator, denominator) * (denominator < 0n ? -1n : 1n)
  return { numerator: numerator / divisor, denominator: denominator / divisor }
}

/** Reads plain decimal digits with an optional fraction and exponent, as in `12`, `.5`, `1.5e3`. */
export const fromDecimal = (text: string): Rational | undefined => {
  const match = /^(\d{0,400})(?:\.(\d{0,400}))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text)
  if (match === null) return undefined
  const [whole = "", fraction = ""] = [match[1], match[2]]
  if (whole + fraction === "") return undefined
  const shift = Number(match[3] ?? "0") - fraction.length
  const digits = BigInt(whole + fraction)
  if (Math.abs(shift) > maximumDigits) return undefined
  return shift >= 0 ? rational(digits * 10n ** BigInt(shift)) : rational(digits, 10n ** BigInt(-shift))
}

/** Reads decimal digits of which the last repeat for ever, as in `0.1(6)` for one sixth. */
export const fromRepeating = (text: string): Rational | undefined => {
  const match = /^(\d{0,30})\.(\d{0,30})\((\d{1,30})\)$/.exec(text)
  if (match === null) return undefined
  const [, whole = "", fixed = "", repeated = ""] = match
  const before = BigInt(whole + fixed)
  return rational(
    BigInt(whole + fixed + repeated) - before,
    10n ** BigInt(fixed.length) * (10n ** BigInt(repeated.length) - 1n)
  )
}

export const add = (a: Rational, b: Rational): Rational | undefined =>
  rational(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator)

export const multiply = (a: Rational, b: Rational): Rational | undefined =>
  rational(a.numerator * b.numerator, a.denominator * b.denominator)

export const divide = (a: Rational, b: Rational): Rational | undefined =>
  rational(a.numerator * b.denominator, a.denominator * b.numerator)

export const negate = (a: Rational): Rational => ({ numerator: -a.numerator, denominator: a.denominator })

/** A power with a whole exponent whose value has at most `maximumDigits` digits. */
export const power = (base: Rational, exponent: Rational): Rational | undefined => {
  if (exponent.denominator !== 1n) return undefined
  const size = exponent.numerator < 0n ? -exponent.numerator : exponent.numerator
  const digits = BigInt(Math.max(base.numerator.toString().length, base.denominator.toString().length))
  if (size > BigInt(maximumDigits) || digits * size > BigInt(maximumDigits) * 4n) return undefined
  const [numerator, denominator] = [base.numerator ** size, base.denominator ** size]
  return exponent.numerator < 0n ? rational(denominator, numerator) : rational(numerator, denominator)
}

/** `3`, `-7` or `3/4`. */
export const print = (value: Rational): string =>
  value.denominator === 1n ? `${value.numerator}` : `${value.numerator}/${value.denominator}`
