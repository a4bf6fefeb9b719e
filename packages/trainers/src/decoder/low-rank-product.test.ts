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

test("constant rows cost no product for their gradient, and leave the low-rank change's as it is", async () => {
  const weight = random([outputs, inputs], 1)
  const x = random([32, inputs], 3)
  const dy = random([32, outputs], 2)
  const given = [random([rank, inputs], 4), random([outputs, rank], 5)]
  const run = async (constant: boolean) => {
    const product = (down: tf.Tensor, up: tf.Tensor) =>
      lowRankProduct(x, { weight, down, up, scale }, constant)
    let values: ReadonlyArray<unknown> = []
    const { kernels } = await tf.profile(() => {
      const { grads } = tf.valueAndGrads(product)(given, tf.clone(dy))
      values = grads.map((gradient) => gradient.arraySync())
      return grads
    })
    return { values, products: kernels.filter(({ name }) => name === "BatchMatMul").length }
  }
  const [all, fewer] = [await run(false), await run(true)]
  expect(all.values).toHaveLength(2)
  expect(fewer.values).toEqual(all.values)
  expect(fewer.products).toBe(all.products - 1)
})
