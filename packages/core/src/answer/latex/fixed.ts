/**
 * Real numbers as intervals of fixed-point integers: arithmetic that can prove two numbers different, and that leaves
 * equal ones no room to differ but in the 200th digit.
 */

/** An interval with ends in units of 2^-fractionBits. */
export interface Interval {
  readonly low: bigint
  readonly high: bigint
}

export const fractionBits = 768n
export const unit = 1n << fractionBits
const largest = 1n << 20_000n
/** A product or quotient below it, other than zero, could no longer be told from its like. */
const smallest = 1n << 200n

/** Thrown where nothing can be said: too large, too small, or a divisor that may be zero. Caught by `evaluate`. */
export class Unknown extends Error {}
/** Thrown where the function has no real value, as at 1/0 or ln(-1). Caught by `evaluate`. */
export class Undefined extends Error {}

const magnitude = (x: bigint): bigint => (x < 0n ? -x : x)

const guarded = (low: bigint, high: bigint): Interval => {
  if (magnitude(low) > largest || magnitude(high) > largest) throw new Unknown("too large")
  return { low, high }
}

const distinct = (interval: Interval): Interval => {
  const { low, high } = interval
  // On both sides of zero: a difference of numbers that are equal, multiplied.
  if (low < 0n && high > 0n) return interval
  if ((low !== 0n || high !== 0n) && magnitude(low) < smallest && magnitude(high) < smallest)
    throw new Unknown("too small")
  return interval
}

const floorDivide = (a: bigint, b: bigint): bigint => {
  const quotient = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient
}
const ceilDivide = (a: bigint, b: bigint): bigint => -floorDivide(-a, b)

export const zero: Interval = { low: 0n, high: 0n }
export const whole = (n: bigint): Interval => guarded(n * unit, n * unit)
export const ratio = (numerator: bigint, denominator: bigint): Interval =>
  distinct(guarded(floorDivide(numerator * unit, denominator), ceilDivide(numerator * unit, denominator)))

export const isZero = (x: Interval): boolean => x.low === 0n && x.high === 0n
export const add = (x: Interval, y: Interval): Interval => guarded(x.low + y.low, x.high + y.high)
export const negate = (x: Interval): Interval => ({ low: -x.high, high: -x.low })

/** Intervals of numbers that are equal overlap, and are this narrow. */
const widest = unit >> 400n

/** Whether two intervals are of the same number, as far as 100 digits can tell. */
export const sameNumber = (x: Interval, y: Interval): boolean =>
  x.low <= y.high && y.low <= x.high && x.high - x.low <= widest && y.high - y.low <= widest

const hull = (values: ReadonlyArray<bigint>): readonly [bigint, bigint] => {
  let [low, high] = [values[0] ?? 0n, values[0] ?? 0n]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return [low, high]
}

export const multiply = (x: Interval, y: Interval): Interval => {
  if (isZero(x) || isZero(y)) return zero
  const [low, high] = hull([x.low * y.low, x.low * y.high, x.high * y.low, x.high * y.high])
  return distinct(guarded(low >> fractionBits, -(-high >> fractionBits)))
}

export const divide = (x: Interval, y: Interval): Interval => {
  if (isZero(y)) throw new Undefined("division by zero")
  if (y.low <= 0n && y.high >= 0n) throw new Unknown("the divisor may be zero")
  if (isZero(x)) return zero
  const pairs = [x.low, x.high].flatMap((a) => [y.low, y.high].map((b) => [a * unit, b] as const))
  const [low] = hull(pairs.map(([a, b]) => floorDivide(a, b)))
  const [, high] = hull(pairs.map(([a, b]) => ceilDivide(a, b)))
  return distinct(guarded(low, high))
}

/** -1, 0 or 1 where the sign is certain. */
export const sign = (x: Interval): -1 | 0 | 1 => {
  if (x.low > 0n) return 1
  if (x.high < 0n) return -1
  if (isZero(x)) return 0
  throw new Unknown("the sign is uncertain")
}

/** The whole part of the n-th root of a whole number, by Newton's method. */
const wholeRoot = (x: bigint, n: bigint): bigint => {
  if (x < 2n) return x
  let guess = 1n << (BigInt(x.toString(16).length * 4) / n + 1n)
  for (;;) {
    const next = ((n - 1n) * guess + x / guess ** (n - 1n)) / n
    if (next >= guess) return guess
    guess = next
  }
}

/** The n-th root of a number that is not negative; square and cube roots are exact where they end. */
export const root = (x: Interval, n: number): Interval => {
  if (sign(x) < 0) throw new Undefined("root of a negative number")
  if (n > 2 && n % 2 === 0) return root(root(x, 2), n / 2)
  if (n > 3) return isZero(x) ? zero : exp(divide(ln(x), whole(BigInt(n))))
  const degree = BigInt(n)
  const scaled = (value: bigint): bigint => value << (fractionBits * (degree - 1n))
  const low = wholeRoot(scaled(x.low), degree)
  const high = wholeRoot(scaled(x.high), degree)
  return { low, high: high ** degree === scaled(x.high) ? high : high + 1n }
}

/** Rounding of the series below stays far under this many units in the last place. */
const slack = 1n << 32n
const around = (low: bigint, high: bigint, error = slack): Interval => guarded(low - error, high + error)

/** atanh or atan of 1/n. */
const inverseSeries = (n: bigint, alternating: boolean): bigint => {
  let term = unit / n
  let total = 0n
  for (let k = 1n; term !== 0n; k += 2n) {
    total += alternating && k % 4n === 3n ? -term / k : term / k
    term /= n * n
  }
  return total
}

const ln2 = 2n * inverseSeries(3n, false)
const piValue = 16n * inverseSeries(5n, true) - 4n * inverseSeries(239n, true)
export const pi: Interval = around(piValue, piValue)

/** The series below add positive terms only, so that shifting down always ends at zero. */
const expOf = (x: bigint): readonly [value: bigint, scale: bigint] => {
  const k = floorDivide(x, ln2)
  const rest = x - k * ln2
  let term = unit
  let total = 0n
  for (let n = 1n; term !== 0n; n++) {
    total += term
    term = ((term * rest) >> fractionBits) / n
  }
  return [total, k]
}

/** e to the power x, for |x| up to 2,000. */
export const exp = (x: Interval): Interval => {
  if (magnitude(x.low) > 2000n * unit || magnitude(x.high) > 2000n * unit) throw new Unknown("too large")
  const end = (value: bigint, direction: bigint): bigint => {
    const [total, k] = expOf(value)
    const padded = total + direction * slack
    return k >= 0n ? padded << k : padded >> -k
  }
  return distinct(guarded(end(x.low, -1n), end(x.high, 1n) + 1n))
}

/** Euler's number. */
export const e: Interval = exp(whole(1n))

/** The natural logarithm of a positive number. */
export const ln = (x: Interval): Interval => {
  if (sign(x) <= 0) throw new Undefined("logarithm of a number that is not positive")
  const of = (value: bigint): bigint => {
    const k = BigInt(value.toString(2).length) - 1n - fractionBits
    const mantissa = k >= 0n ? value >> k : value << -k
    const y = ((mantissa - unit) * unit) / (mantissa + unit)
    const square = (y * y) >> fractionBits
    let term = y
    let total = 0n
    for (let n = 1n; term !== 0n; n += 2n) {
      total += term / n
      term = (term * square) >> fractionBits
    }
    return 2n * total + k * ln2
  }
  const low = of(x.low)
  return around(low, x.low === x.high ? low : of(x.high))
}

const sineOf = (x: bigint): bigint => {
  const turn = 2n * piValue
  let rest = x % turn
  if (rest > piValue) rest -= turn
  if (rest < -piValue) rest += turn
  const square = (rest * rest) >> fractionBits
  let term = magnitude(rest)
  let total = 0n
  for (let n = 1n; term !== 0n; n += 2n) {
    total += n % 4n === 1n ? term : -term
    term = ((term * square) >> fractionBits) / ((n + 1n) * (n + 2n))
  }
  return rest < 0n ? -total : total
}

/** The sine of an angle in radians, for |x| up to 2^64. */
export const sin = (x: Interval): Interval => {
  if (magnitude(x.low) > unit << 64n || magnitude(x.high) > unit << 64n) throw new Unknown("too large")
  const value = sineOf(x.low)
  // The sine never changes faster than its argument, and the reduction by whole turns scales pi's error by up to 2^62.
  return around(value, value, x.high - x.low + (slack << 80n))
}

export const cos = (x: Interval): Interval => sin(add(x, divide(pi, whole(2n))))
