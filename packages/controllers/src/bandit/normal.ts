/** A normal distribution. */
export interface Normal {
  readonly mean: number
  readonly deviation: number
}

/** The standard normal density. */
export const normalDensity = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)

/**
 * The standard normal distribution function, to about 1e-15.
 *
 * `1/2 + phi(x) (x + x^3/3 + x^5/(3 5) + ...)`. Source: Marsaglia 2004, "Evaluating the normal distribution".
 */
export const normalDistribution = (x: number): number => {
  if (x > 8.5) return 1
  if (x < -8.5) return 0
  let term = x
  let sum = x
  for (let i = 3; Math.abs(term) > 1e-17 * Math.abs(sum); i += 2) {
    term *= (x * x) / i
    sum += term
  }
  return Math.min(1, Math.max(0, 0.5 + sum * normalDensity(x)))
}

// Gauss-Legendre nodes and weights of order 8 on [-1, 1], the positive half (Abramowitz and Stegun 1964, table 25.4).
const nodes = [
  { at: 0.1834346424956498, weight: 0.362683783378362 },
  { at: 0.525532409916329, weight: 0.3137066458778873 },
  { at: 0.7966664774136267, weight: 0.2223810344533745 },
  { at: 0.9602898564975363, weight: 0.1012285362903763 }
]

/** Where to cut an integral, in deviations from each mean, so that no piece is steeper than a polynomial can follow. */
const cuts = [-8, -5, -3.5, -2.5, -1.5, -0.75, 0, 0.75, 1.5, 2.5, 3.5, 5, 8]

/**
 * The probability of each of several independent normal quantities that it is the largest; they sum to 1.
 *
 * Two are compared in closed form, `Phi((m1 - m2) / sqrt(s1^2 + s2^2))`; of more, `integral of phi_a(x) prod_b Phi_b(x)` is summed by
 * Gauss-Legendre quadrature over pieces that are cut at every quantity's own scale.
 */
export const probabilitiesOfLargest = (quantities: ReadonlyArray<Normal>): ReadonlyArray<number> => {
  const [first, second] = quantities
  if (first === undefined || second === undefined) return quantities.map(() => 1)
  if (quantities.length === 2) {
    const difference = (first.mean - second.mean) / Math.hypot(first.deviation, second.deviation)
    const probability = normalDistribution(difference)
    return [probability, 1 - probability]
  }
  const edges = quantities
    .flatMap(({ mean, deviation }) => cuts.map((cut) => mean + cut * deviation))
    .sort((a, b) => a - b)
  const sums = quantities.map(() => 0)
  const add = (x: number, weight: number) => {
    const below = quantities.map(({ mean, deviation }) => normalDistribution((x - mean) / deviation))
    for (const [a, { mean, deviation }] of quantities.entries()) {
      const others = below.reduce((product, p, b) => (a === b ? product : product * p), 1)
      sums[a] = (sums[a] ?? 0) + (weight * others * normalDensity((x - mean) / deviation)) / deviation
    }
  }
  for (const [i, from] of edges.entries()) {
    const half = ((edges[i + 1] ?? from) - from) / 2
    if (half === 0) continue
    for (const { at, weight } of nodes) {
      add(from + half * (1 - at), half * weight)
      add(from + half * (1 + at), half * weight)
    }
  }
  const total = sums.reduce((sum, share) => sum + share, 0)
  return sums.map((share) => share / total)
}
