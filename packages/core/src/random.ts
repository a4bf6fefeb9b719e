/**
 * Named, counter-based randomness: a draw is a function of its name alone, so neither concurrency nor order can change it.
 *
 * Source: Threefry-2x32-20, Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
 */

/** A position in the tree of named random streams: 64 bits. */
export interface RandomKey {
  readonly high: number
  readonly low: number
}

const rotate = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits))

/** One Threefry-2x32 block of 20 rounds over a 64-bit counter; all words are unsigned 32-bit. */
export const threefry = (key: RandomKey, counterHigh: number, counterLow: number): RandomKey => {
  const k0 = key.high | 0
  const k1 = key.low | 0
  const k2 = 0x1bd11bda ^ k0 ^ k1
  let a = (counterHigh + k0) | 0
  let b = (counterLow + k1) | 0
  for (let group = 0; group < 5; group++) {
    const even = (group & 1) === 0
    a = (a + b) | 0
    b = rotate(b, even ? 13 : 17) ^ a
    a = (a + b) | 0
    b = rotate(b, even ? 15 : 29) ^ a
    a = (a + b) | 0
    b = rotate(b, even ? 26 : 16) ^ a
    a = (a + b) | 0
    b = rotate(b, even ? 6 : 24) ^ a
    const injection = (group + 1) % 3
    a = (a + (injection === 0 ? k0 : injection === 1 ? k1 : k2)) | 0
    b = (b + (injection === 0 ? k1 : injection === 1 ? k2 : k0) + group + 1) | 0
  }
  return { high: a >>> 0, low: b >>> 0 }
}

const hashName = (name: string): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** The stream of a run's seed, which is a safe integer. */
export const seedKey = (seed: number): RandomKey =>
  threefry({ high: Math.floor(seed / 2 ** 32) >>> 0, low: seed >>> 0 }, 0x7472_6163, 0x6572_0001)

/** The stream named by `path` below `key`; numbers and strings never collide by position. */
export const split = (key: RandomKey, ...path: ReadonlyArray<string | number>): RandomKey => {
  let current = key
  for (const part of path) {
    current =
      typeof part === "number" ? threefry(current, part >>> 0, 1) : threefry(current, hashName(part), 2)
  }
  return current
}

/** The stream's `index`-th uniform draw in [0, 1), 53 bits. */
export const uniform = (key: RandomKey, index = 0): number => {
  const block = threefry(key, index >>> 0, 3)
  return ((block.high >>> 5) * 2 ** 26 + (block.low >>> 6)) / 2 ** 53
}

/** The stream's `index`-th standard normal draw (Box and Muller 1958). */
export const normal = (key: RandomKey, index = 0): number => {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform(key, 2 * index)))
  return radius * Math.cos(2 * Math.PI * uniform(key, 2 * index + 1))
}

/** A uniform draw from 0, 1, ..., `bound` - 1. */
export const below = (key: RandomKey, bound: number, index = 0): number =>
  Math.floor(uniform(key, index) * bound)

/** The index that uniform draw `u` selects from `probabilities` (which sum to 1). */
export const pickIndex = (probabilities: ReadonlyArray<number>, u: number): number => {
  let cumulative = 0
  let last = 0
  for (let i = 0; i < probabilities.length; i++) {
    const probability = probabilities[i] ?? 0
    if (probability <= 0) continue
    cumulative += probability
    last = i
    if (u < cumulative) return i
  }
  return last
}

/** A new array in a random order (Fisher and Yates 1938). */
export const shuffle = <A>(key: RandomKey, items: ReadonlyArray<A>): Array<A> => {
  const result = [...items]
  for (let i = result.length - 1; i > 0; i--) {
    const j = below(key, i + 1, i)
    result.splice(j, 1, ...result.splice(i, 1, ...result.slice(j, j + 1)))
  }
  return result
}

/** A 32-bit seed for a library that wants a number. */
export const seedNumber = (key: RandomKey): number => threefry(key, 0, 4).low
