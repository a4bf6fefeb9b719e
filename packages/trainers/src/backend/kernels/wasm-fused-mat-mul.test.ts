import { assert, beforeAll, describe, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { loadWasm } from "../wasm.ts"

beforeAll(async () => {
  await loadWasm()
})

type Activation = "linear" | "relu" | "relu6" | "elu" | "sigmoid" | "leakyrelu"

const activate: Readonly<Record<Activation, (x: tf.Tensor) => tf.Tensor>> = {
  linear: (x) => x,
  relu: tf.relu,
  relu6: tf.relu6,
  elu: tf.elu,
  sigmoid: tf.sigmoid,
  leakyrelu: (x) => tf.leakyRelu(x)
}

const difference = (left: tf.Tensor, right: tf.Tensor) =>
  left.sub(right).abs().max().dataSync()[0] ?? Number.NaN

describe("fused matMul on wasm", () => {
  it("adds the bias and cuts below 0 as by hand", () => {
    const [a, b] = [tf.tensor2d([1, -2], [1, 2]), tf.tensor2d([3, 1, 1, 2], [2, 2])]
    const fused = tf.fused.matMul({ a, b, bias: tf.tensor1d([0.5, 1]), activation: "relu" })
    assert.deepStrictEqual(fused.arraySync(), [[1.5, 0]]) // 3 - 2 + 0.5, and 1 - 4 + 1 < 0
  })

  it.each<Activation>(["linear", "relu", "relu6", "elu", "sigmoid", "leakyrelu"])(
    "equals product, bias and %s one by one, batched and transposed with an inner size over 48",
    (activation) => {
      const a = tf.randomNormal([2, 64, 5], 0, 1, "float32", 1)
      const b = tf.randomNormal([2, 7, 64], 0, 1, "float32", 2)
      const bias = tf.randomNormal([7], 0, 1, "float32", 3)
      const fused = tf.fused.matMul({ a, b, transposeA: true, transposeB: true, bias, activation })
      const apart = activate[activation](tf.matMul(a, b, true, true).add(bias))
      assert.isBelow(difference(fused, apart), 1e-5)
    }
  )
})
