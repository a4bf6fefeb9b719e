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
          fc.integer({ min: 1, max: 40 }),
          fc.integer({ min: 1, max: 40 }),
          fc.integer({ min: 1, max: 40 })
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

  it.each([
    {
      path: "packed, right operand transposed",
      left: [2, 20, 520],
      right: [5, 520],
      transposed: [false, true]
    },
    { path: "packed, left operand transposed", left: [9, 40], right: [9, 260], transposed: [true, false] },
    { path: "packed, both transposed", left: [9, 40], right: [260, 9], transposed: [true, true] },
    { path: "packed, weights as they are", left: [2, 40, 30], right: [30, 40], transposed: [false, false] },
    { path: "direct, both transposed", left: [3, 20, 70], right: [3, 66, 20], transposed: [true, true] }
  ])(
    "is right on each path: $path",
    ({ left, right, transposed: [transposeLeft = false, transposeRight = false] }) => {
      const [leftValues, rightValues] = [values(left, 3), values(right, 4)]
      const product = tf.tidy(() =>
        tf
          .matMul(tf.tensor(leftValues, left), tf.tensor(rightValues, right), transposeLeft, transposeRight)
          .dataSync()
      )
      assertClose(
        product,
        definition(leftValues, left, rightValues, right, transposeLeft, transposeRight),
        1e-5
      )
    }
  )

  it("reads the same weights under a second shape, where the stock kernel stops the process", () => {
    // 80 x 32 x 64 multiply-adds are enough for the packed path.
    const data = values([32, 64], 5)
    const weights = tf.tensor(data, [32, 64])
    const [wide, tall] = [values([80, 32], 6), values([80, 64], 7)]
    const first = tf.matMul(tf.tensor(wide, [80, 32]), weights).dataSync()
    const second = tf.matMul(tf.tensor(tall, [80, 64]), weights.reshape([64, 32])).dataSync()
    assertClose(first, definition(wide, [80, 32], data, [32, 64], false, false), 1e-6)
    assertClose(second, definition(tall, [80, 64], data, [64, 32], false, false), 1e-6)
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
