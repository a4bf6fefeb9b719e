import { seedKey, uniform } from "@tracer-sdk/core"
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { makeHeap } from "./heap.ts"
import { makeKernels } from "./kernels.ts"
import { padded, placeOf } from "./layout.ts"
import { areHalves, copyColumn, multiply, packMatrix } from "./packed-matrix.ts"

const numbers = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => 2 * uniform(seedKey(seed), i) - 1)

/** The same numbers without the 16 bits that a bfloat16 lacks. */
const halves = (values: Float32Array): Float32Array =>
  new Float32Array(new Uint32Array(values.slice().buffer).map((word) => word & 0xffff_0000).buffer)

const shapes = fc.record({
  rows: fc.integer({ min: 1, max: 10 }),
  inputs: fc.integer({ min: 1, max: 13 }),
  outputs: fc.integer({ min: 1, max: 50 }),
  seed: fc.nat(1000)
})

/** y = x W of every row, packed as floats and as halves, and row by row. */
const products = (rows: number, inputs: number, outputs: number, values: Float32Array, x: Float32Array) => {
  const kernels = makeKernels()
  const heap = makeHeap(kernels.memory)
  const columns = padded(outputs)
  const shape = {
    inputs: { size: inputs, stride: inputs },
    outputs: { size: outputs, stride: columns },
    inner: inputs,
    columns
  }
  const from = heap.allocate(4 * rows * inputs)
  const to = heap.allocate(4 * rows * columns)
  return [
    { half: false, together: true },
    { half: false, together: false },
    { half: true, together: true },
    { half: true, together: false }
  ].map(({ half, together }) => {
    const matrix = packMatrix(heap, shape, [{ values, inputs, from: 0 }], half)
    heap.floats().set(x, from / 4)
    for (let row = 0; row < rows; row += together ? rows : 1) {
      const count = together ? rows : 1
      multiply(
        { kernels },
        matrix,
        from + row * inputs * 4,
        inputs * 4,
        to + row * columns * 4,
        columns * 4,
        count,
        false
      )
    }
    const y = heap.floats().slice(to / 4, to / 4 + rows * columns)
    const column = heap.allocate(4 * inputs)
    copyColumn(heap, matrix, outputs - 1, column)
    return { y, last: heap.floats().slice(column / 4, column / 4 + inputs) }
  })
}

test("a product is the sum of its terms, the same to the last bit in bfloat16 and whatever rows stand beside a row", () => {
  fc.assert(
    fc.property(shapes, ({ rows, inputs, outputs, seed }) => {
      const values = halves(numbers(inputs * outputs, seed))
      const x = numbers(rows * inputs, seed + 1)
      const [first, ...others] = products(rows, inputs, outputs, values, x)
      for (let row = 0; row < rows; row++) {
        for (let output = 0; output < outputs; output++) {
          let expected = 0
          for (let input = 0; input < inputs; input++) {
            expected += (x[row * inputs + input] ?? 0) * (values[output * inputs + input] ?? 0)
          }
          expect(first?.y[row * padded(outputs) + output]).toBeCloseTo(expected, 5)
        }
      }
      expect(first?.last).toEqual(values.slice((outputs - 1) * inputs))
      for (const other of others) expect(other).toEqual(first)
    }),
    { numRuns: 60 }
  )
})

test("weights are stored in bfloat16 only where each of them is one", () => {
  expect(areHalves(Float32Array.from([1, -0.5, 0, 3.140625]))).toBe(true)
  expect(areHalves(Float32Array.from([1, 3.14]))).toBe(false)
})

test("blocks are spread over rows of whole panels", () => {
  const heads = { size: 6, stride: 8 }
  expect([0, 5, 6, 11, 12].map((index) => placeOf(heads, index))).toEqual([0, 5, 8, 13, 16])
})
