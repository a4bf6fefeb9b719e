import { assert, beforeAll, describe, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { loadWasm } from "../wasm.ts"

beforeAll(async () => {
  await loadWasm()
})

const numbers = (tensor: tf.Tensor) => Array.from(tensor.dataSync())

describe("sum and mean on wasm", () => {
  it("are exact over a million elements, where float32 accumulation is 1% off", () => {
    const tenths = tf.fill([1_000_000], 0.1)
    assert.approximately(tenths.sum().dataSync()[0] ?? 0, 100_000, 0.01) // 0.1 is 1.5e-8 off in float32
    assert.approximately(tenths.mean().dataSync()[0] ?? 0, 0.1, 1e-8)
  })

  it("reduce along any axes", () => {
    const [rows, columns] = [3, 5_000]
    const x = tf.range(0, rows * columns).reshape([rows, columns])
    const rowSum = (row: number) => columns * (row * columns + (columns - 1) / 2)
    const expected = [rowSum(0), rowSum(1), rowSum(2)].map(Math.fround)
    assert.deepStrictEqual(numbers(x.sum(1)), expected)
    assert.deepStrictEqual(numbers(x.transpose().sum(0)), expected)
    assert.deepStrictEqual(numbers(x.reshape([3, 50, 100]).sum([1, 2])), expected)
    assert.deepStrictEqual(numbers(x.reshape([3, 50, 100]).transpose([1, 0, 2]).sum([0, 2])), expected)
    assert.deepStrictEqual(x.sum(1, true).shape, [3, 1])
    assert.deepStrictEqual(x.mean(-1).arraySync(), [2_499.5, 7_499.5, 12_499.5])
  })

  it("leave short sums and their gradients as they were", () => {
    assert.deepStrictEqual(tf.tensor2d([1, 2, 3, 4], [2, 2]).sum(0).arraySync(), [4, 6])
    const gradient = tf.grad((x) => x.mean())
    assert.deepStrictEqual(gradient(tf.zeros([4])).arraySync(), [0.25, 0.25, 0.25, 0.25])
  })
})
