import { assert, beforeAll, describe, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { loadWasm } from "../wasm.ts"

beforeAll(async () => {
  await loadWasm(2)
})

describe("copies on wasm", () => {
  it("clones share memory and outlive one another", () => {
    const first = tf.tensor1d([1, 2, 3])
    const second = tf.clone(first)
    const { numDataBuffers } = tf.memory()
    first.dispose()
    assert.deepStrictEqual(Array.from(second.dataSync()), [1, 2, 3])
    assert.strictEqual(tf.memory().numDataBuffers, numDataBuffers)
    second.dispose()
    assert.strictEqual(tf.memory().numDataBuffers, numDataBuffers - 1)
  })

  it("slices of whole runs, of parts of rows, and to the end", () => {
    const x = tf.range(0, 24, 1, "int32").reshape([2, 3, 4])
    assert.deepStrictEqual(x.slice([1], [1]).arraySync(), [
      [
        [12, 13, 14, 15],
        [16, 17, 18, 19],
        [20, 21, 22, 23]
      ]
    ])
    assert.deepStrictEqual(x.slice([0, 1, 0], [1, 2, 4]).arraySync(), [
      [
        [4, 5, 6, 7],
        [8, 9, 10, 11]
      ]
    ])
    assert.deepStrictEqual(x.slice([0, 1, 2], [2, 1, 2]).arraySync(), [[[6, 7]], [[18, 19]]])
    assert.deepStrictEqual(x.slice([1, 2], [-1, -1]).arraySync(), [[[20, 21, 22, 23]]])
    const long = tf.range(0, 400_000)
    assert.strictEqual(
      long
        .slice([123_457], [200_000])
        .sub(long.slice([0], [200_000]))
        .min()
        .arraySync(),
      123_457
    )
    assert.strictEqual(
      long
        .slice([123_457], [200_000])
        .sub(long.slice([0], [200_000]))
        .max()
        .arraySync(),
      123_457
    )
  })

  it("rows by their numbers, and an error for a number outside", () => {
    const table = tf.tensor2d([0, 1, 10, 11, 20, 21], [3, 2])
    const rows = tf.gather(table, tf.tensor2d([2, 0, 0, 1], [2, 2], "int32"))
    assert.deepStrictEqual(Array.from(rows.dataSync()), [20, 21, 0, 1, 0, 1, 10, 11])
    const columns = tf.gather(table, tf.tensor1d([1], "int32"), 1)
    assert.deepStrictEqual(Array.from(columns.dataSync()), [1, 11, 21])
    assert.throws(() => tf.gather(table, tf.tensor1d([3], "int32")), /index value 3 is not in \[0, 2\]/)
  })
})
