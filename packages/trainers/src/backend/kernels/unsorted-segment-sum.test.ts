import { assert, beforeAll, describe, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { loadCpu } from "../cpu.ts"
import { quietly } from "../quietly.ts"
import { loadWasm } from "../wasm.ts"

beforeAll(async () => {
  await quietly(loadCpu)
  await loadWasm()
})

describe.each(["wasm", "cpu"])("UnsortedSegmentSum on %s", (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend)
  })

  const rows = () => tf.tensor2d([1, 2, 3, 4, 5, 6, 7, 8], [4, 2])

  it("adds rows of the same segment, and leaves an unused segment at 0", () => {
    const sums = tf.unsortedSegmentSum(rows(), tf.tensor1d([2, 0, 2, 0], "int32"), 3)
    assert.deepStrictEqual(sums.arraySync(), [
      [10, 12],
      [0, 0],
      [6, 8]
    ])
  })

  it("drops rows of segments that do not exist", () => {
    const sums = tf.unsortedSegmentSum(rows(), tf.tensor1d([-1, 0, 2, 0], "int32"), 2)
    assert.deepStrictEqual(sums.arraySync(), [
      [10, 12],
      [0, 0]
    ])
  })

  it("adds single numbers and integers", () => {
    const sums = tf.unsortedSegmentSum(tf.tensor1d([3, 4, 5], "int32"), tf.tensor1d([1, 1, 0], "int32"), 2)
    assert.strictEqual(sums.dtype, "int32")
    assert.deepStrictEqual(sums.arraySync(), [5, 7])
  })

  it("gives gather its gradient: an embedding row gets the sum over the tokens that used it", () => {
    const gradient = tf.grad((table) =>
      tf
        .gather(table, tf.tensor2d([1, 2, 1, 0], [2, 2], "int32"))
        .square()
        .sum()
    )
    // d/dx of x^2 is 2x, once per use: row 1 is used twice.
    const table = tf.tensor2d([1, 2, 3, 4, 5, 6, 7, 8], [4, 2])
    assert.deepStrictEqual(gradient(table).arraySync(), [
      [2, 4],
      [12, 16],
      [10, 12],
      [0, 0]
    ])
  })

  it("gives gather along the last axis its gradient", () => {
    const gradient = tf.grad((table) =>
      tf
        .gather(table, tf.tensor1d([1, 1], "int32"), 1)
        .square()
        .sum()
    )
    assert.deepStrictEqual(gradient(tf.tensor2d([1, 2, 3, 4], [2, 2])).arraySync(), [
      [0, 8],
      [0, 16]
    ])
  })
})
