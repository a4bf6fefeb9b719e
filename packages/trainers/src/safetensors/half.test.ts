import fc from "fast-check"
import { expect, test } from "vitest"
import { fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from "./half.ts"

const read = (from: typeof fromFloat16, words: Uint16Array): Array<number> => {
  const values = new Float32Array(words.length)
  from(words, values)
  return [...values]
}

test("bfloat16 rounds to nearest, ties to even", () => {
  // 1 + 1/256 lies half way between 1 and 1 + 1/128; 1 + 3/256 between 1 + 1/128 and 1 + 2/128.
  const words = toBfloat16(Float32Array.of(1 + 1 / 256, 1 + 3 / 256, 1 + 1.01 / 256, Number.NaN))
  expect(read(fromBfloat16, words)).toEqual([1, 1 + 2 / 128, 1 + 1 / 128, Number.NaN])
})

test("half precision is read by IEEE 754's table", () => {
  const words = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x0400, 0x7c00, 0xfc00, 0x7e00)
  expect(read(fromFloat16, words)).toEqual([
    1,
    -2,
    65_504,
    2 ** -24,
    2 ** -14,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NaN
  ])
})

test("half precision rounds to nearest, ties to even, down to its smallest number and up to infinity", () => {
  const rounded = [
    [1 + 1 / 2048, 1],
    [1 + 3 / 2048, 1 + 2 / 1024],
    [-1 - 1.01 / 2048, -1 - 1 / 1024],
    [65_519, 65_504],
    [65_520, Number.POSITIVE_INFINITY],
    [2 ** -25, 0],
    [2 ** -25 * 1.01, 2 ** -24],
    [3 * 2 ** -25, 2 * 2 ** -24],
    [2 ** -14 - 2 ** -26, 2 ** -14]
  ] as const
  const words = toFloat16(Float32Array.from(rounded, ([value]) => value))
  expect(read(fromFloat16, words)).toEqual(rounded.map(([, expected]) => expected))
})

test("every half is written as it was read", () => {
  const words = Uint16Array.from({ length: 65_536 }, (_, word) => word).filter(
    (word) => (word & 0x7c00) !== 0x7c00 || (word & 0x3ff) === 0
  )
  const values = new Float32Array(words.length)
  fromFloat16(words, values)
  expect(toFloat16(values)).toEqual(words)
})

test("halves are the nearest there are", () => {
  fc.assert(
    fc.property(fc.float({ min: -60_000, max: 60_000, noNaN: true }), (value) => {
      const [word = 0] = toFloat16(Float32Array.of(value))
      const distance = (other: number) => {
        const [there = 0] = read(fromFloat16, Uint16Array.of(other))
        return Math.abs(there - value)
      }
      expect(distance(word)).toBeLessThanOrEqual(distance(word + 1))
      if ((word & 0x7fff) > 0) expect(distance(word)).toBeLessThanOrEqual(distance(word - 1))
    })
  )
})
