import {
  add,
  divide,
  fractionBits,
  type Interval,
  isZero,
  multiply,
  negate,
  pi,
  root,
  sign,
  Undefined,
  Unknown,
  unit,
  whole
} from "./fixed.ts"

const one = whole(1n)
const halfPi = divide(pi, whole(2n))
const slack = 1n << 32n

/** The arctangent of a number up to 1/8 in size, in units of the last place, by its Taylor series. */
const series = (x: bigint): bigint => {
  const square = (x * x) >> fractionBits
  let term = x
  let total = 0n
  for (let n = 1n; term !== 0n && term !== -1n; n += 2n) {
    total += n % 4n === 1n ? term / n : -term / n
    term = (term * square) >> fractionBits
  }
  return total
}

/** How often the angle is halved before the series, and by how much that is to be undone. */
const halvings = 3

/** The arctangent, between -π/2 and π/2. */
export const arctan = (x: Interval): Interval => {
  if (isZero(x)) return x
  if (sign(x) < 0) return negate(arctan(negate(x)))
  // At most π/4 from here on; 1 itself may be on either side.
  if (x.low > unit) return add(halfPi, negate(arctan(divide(one, x))))
  let small = x
  for (let n = 0; n < halvings; n++)
    small = divide(small, add(one, root(add(one, multiply(small, small)), 2)))
  const angle: Interval = { low: series(small.low) - slack, high: series(small.high) + slack }
  return multiply(angle, whole(2n ** BigInt(halvings)))
}

/** The arcsine, between -π/2 and π/2. */
export const arcsin = (x: Interval): Interval => {
  if (x.low === x.high && (x.low === unit || x.low === -unit)) return x.low > 0n ? halfPi : negate(halfPi)
  if (x.low > unit || x.high < -unit) throw new Undefined("arcsine of a number beyond 1")
  if (x.high >= unit || x.low <= -unit) throw new Unknown("arcsine of a number near 1")
  return arctan(divide(x, root(add(one, negate(multiply(x, x))), 2)))
}

/** The arccosine, between 0 and π. */
export const arccos = (x: Interval): Interval => add(halfPi, negate(arcsin(x)))
