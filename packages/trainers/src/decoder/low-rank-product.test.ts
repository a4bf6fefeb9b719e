import * as tf from "@tensorflow/tfjs"
import { expect, test } from "vitest"
import { lowRankProduct } from "./low-rank-product.ts"

const [inputs, outputs, rank, scale] = [6, 5, 2, 1.5]
const random = (shape: [number, number], seed: number) => tf.randomNormal(shape, 0, 1, "float32", seed)

// 2 rows are fewer than merging the weight is worth, 32 are more.
test.each([2, 32])("%i rows: product and gradients are those of the plain formula", (rows) => {
  const weight = random([outputs, inputs], 1)
  const dy = random([rows, outputs], 2)
  const given = [random([rows, inputs], 3), random([rank, inputs], 4), random([outputs, rank], 5)]
  const plain = (x: tf.Tensor, down: tf.Tensor, up: tf.Tensor) =>
    tf.add(
      tf.matMul(x, weight, false, true),
      tf.mul(tf.matMul(tf.matMul(x, down, false, true), up, false, true), scale)
    )
  const ours = (x: tf.Tensor, down: tf.Tensor, up: tf.Tensor) =>
    lowRankProduct(x, { weight, down, up, scale })
  const expected = tf.valueAndGrads(plain)(given, dy)
  const actual = tf.valueAndGrads(ours)(given, dy)
  tf.test_util.expectArraysClose(actual.value.arraySync(), expected.value.arraySync(), 1e-5)
  expected.grads.forEach((gradient, i) => {
    expect(gradient.abs().sum().dataSync()[0]).toBeGreaterThan(1)
    tf.test_util.expectArraysClose(actual.grads[i]?.arraySync() ?? [], gradient.arraySync(), 1e-5)
  })
})
