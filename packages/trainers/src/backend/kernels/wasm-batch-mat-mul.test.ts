import { afterEach, assert, beforeAll, describe, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import fc from "fast-check"
import { loadCpu } from "../cpu.ts"
import { quietly } from "../quietly.ts"
import { loadWasm } from "../wasm.ts"
import { productLayout } from "./matrix-product.ts"

const size = (shape: ReadonlyArray<number>) => shape.reduce((product, length) => product * length, 1)

/** Values in [-1, 1) that look random and are the same in every run. */
const values = (shape: ReadonlyArray<number>, seed: number) =>
  Float32Array.from({ length: size(shape) }, (_, index) => {
    const wave = Math.sin((index + 1) * 12.9898 + seed * 78.233) * 43758.5453
    return 2 * (wave - Math.floor(wave)) - 1
  })

const swap = (shape: ReadonlyArray<number>, transposed: boolean) =>
  transposed ? [...shape.slice(0, -2), ...shape.slice(-2).reverse()] : [...shape]

/** The product by its definition, in double precision; `left` and `right` are the transposed operands' data. */
function definition(
  left: Float32Array,
  leftShape: number[],
  right: Float32Array,
  rightShape: number[],
  transposeLeft: boolean,
  transposeRight: boolean
): number[] {
  const layout = productLayout(leftShape, rightShape, transposeLeft, transposeRight)
  const { rows, inner, columns } = layout
  const out: number[] = []
  for (let item = 0; item < layout.batchSize; item++) {
    const [l, r] = [layout.leftItem(item) * rows * inner, layout.rightItem(item) * inner * columns]
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        let sum = 0
        for (let k = 0; k < inner; k++) {
          const a = left[l + (transposeLeft ? k * rows + row : row * inner + k)] ?? Number.NaN
          const b = right[r + (transposeRight ? column * inner + k : k * columns + column)] ?? Number.NaN
          sum += a * b
        }
        out.push(sum)
      }
    }
  }
  return out
}

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.strictEqual(actual.length, expected.length)
  let worst = 0
  let scale = 1
  for (let index = 0; index < expected.length; index++) {
    const difference = Math.abs((actual[index] ?? Number.NaN) - (expected[index] ?? Number.NaN))
    worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(worst, difference)
    scale = Math.max(scale, Math.abs(expected[index] ?? 0))
  }
  assert.isAtMost(worst / scale, tolerance)
}

const batches: ReadonlyArray<readonly [number[], number[]]> = [
  [[], []],
  [[3], [3]],
  [[4], [1]],
  [[1], [4]],
  [
    [2, 3],
    [2, 3]
  ],
  [[2, 3], []],
  [[2, 3], [3]],
  [
    [2, 3],
    [2, 1]
  ],
  [
    [2, 1],
    [1, 3]
  ]
]

beforeAll(async () => {
  await loadWasm()
})

afterEach(async () => {
  await tf.setBackend("wasm")
})

describe("BatchMatMul on wasm", () => {
  it("multiplies two matrices as by hand", () => {
    const product = tf.matMul(
      tf.tensor2d([
        [1, 2],
        [3, 4]
      ]),
      tf.tensor2d([
        [5, 6],
        [7, 8]
      ])
    )
    assert.deepStrictEqual(product.arraySync(), [
      [19, 22],
      [43, 50]
    ]) // 1*5 + 2*7 = 19
  })

  it("equals the definition for any batch, transposition and size", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...batches),
        fc.tuple(
          fc.integer({ min: 1, max: 70 }),
          fc.integer({ min: 1, max: 70 }),
          fc.integer({ min: 1, max: 70 })
        ),
        fc.boolean(),
        fc.boolean(),
        ([leftBatch, rightBatch], [rows, inner, columns], transposeLeft, transposeRight) => {
          const leftShape = swap([...leftBatch, rows, inner], transposeLeft)
          const rightShape = swap([...rightBatch, inner, columns], transposeRight)
          const [left, right] = [values(leftShape, 1), values(rightShape, 2)]
          const product = tf.tidy(() => {
            const operands = [tf.tensor(left, leftShape), tf.tensor(right, rightShape)] as const
            return tf.matMul(operands[0], operands[1], transposeLeft, transposeRight).dataSync()
          })
          assertClose(
            product,
            definition(left, leftShape, right, rightShape, transposeLeft, transposeRight),
            1e-5
          )
        }
      ),
      { numRuns: 60, seed: 7 }
    )
  })

  it("takes the fast path for large batched and transposed products", () => {
    for (const [leftBatch, rightBatch] of batches) {
      for (const [transposeLeft, transposeRight] of [
        [false, true],
        [true, false]
      ] as const) {
        const leftShape = swap([...leftBatch, 65, 64], transposeLeft)
        const rightShape = swap([...rightBatch, 64, 66], transposeRight)
        const [left, right] = [values(leftShape, 3), values(rightShape, 4)]
        const product = tf.tidy(() => {
          const operands = [tf.tensor(left, leftShape), tf.tensor(right, rightShape)] as const
          return tf.matMul(operands[0], operands[1], transposeLeft, transposeRight).dataSync()
        })
        assertClose(
          product,
          definition(left, leftShape, right, rightShape, transposeLeft, transposeRight),
          1e-5
        )
      }
    }
  })

  it("reads the same weights under a second shape, which stops the stock kernel", () => {
    const data = values([8, 16], 5)
    const weights = tf.tensor(data, [8, 16])
    const [wide, tall] = [values([4, 8], 6), values([4, 16], 7)]
    const first = tf.matMul(tf.tensor(wide, [4, 8]), weights).dataSync()
    const second = tf.matMul(tf.tensor(tall, [4, 16]), weights.reshape([16, 8])).dataSync()
    assertClose(first, definition(wide, [4, 8], data, [8, 16], false, false), 1e-6)
    assertClose(second, definition(tall, [4, 16], data, [16, 8], false, false), 1e-6)
  })

  it("gives an empty or a zero result for empty operands", () => {
    assert.deepStrictEqual(tf.matMul(tf.zeros([0, 3]), tf.zeros([3, 2])).shape, [0, 2])
    assert.deepStrictEqual(tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 2])).arraySync(), [
      [0, 0],
      [0, 0]
    ])
  })

  it("leaves no tensor behind", () => {
    const before = [tf.memory().numTensors, tf.backend().numDataIds()]
    tf.tidy(() => {
      tf.matMul(tf.ones([4, 64, 65]), tf.ones([4, 66, 65]), false, true)
      tf.matMul(tf.ones([4, 64, 65]), tf.ones([64, 66]), true, false)
    })
    assert.deepStrictEqual([tf.memory().numTensors, tf.backend().numDataIds()], before)
  })

  it("has the gradients of cpu", async () => {
    const shapes = [
      { left: [96, 64], right: [64, 80], transposeLeft: false, transposeRight: false },
      { left: [64, 96], right: [80, 64], transposeLeft: true, transposeRight: true },
      { left: [2, 3, 40, 64], right: [2, 3, 48, 64], transposeLeft: false, transposeRight: true },
      { left: [2, 3, 64, 40], right: [2, 3, 64, 48], transposeLeft: true, transposeRight: false }
    ]
    for (const { left, right, transposeLeft, transposeRight } of shapes) {
      const gradients = () =>
        tf.tidy(() => {
          const product = (a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, b, transposeLeft, transposeRight)
          const loss = tf.grads((a, b) =>
            product(tf.cast(a, "float32"), tf.cast(b, "float32")).square().sum()
          )
          const both = loss([tf.tensor(values(left, 8), left), tf.tensor(values(right, 9), right)])
          return both.map((gradient) => gradient.dataSync())
        })
      await tf.setBackend("wasm")
      const ours = gradients()
      await quietly(loadCpu)
      const reference = gradients()
      for (const [index, gradient] of reference.entries()) assertClose(ours[index] ?? [], gradient, 1e-5)
    }
  })
})
