import * as tf from "@tensorflow/tfjs"
import { expect, test } from "vitest"
import { savedTensor, withGradient } from "./with-gradient.ts"

/** `x y`, whose gradients are given away as ten times what they are. */
const product = (x: tf.Tensor, y: tf.Tensor): tf.Tensor =>
  withGradient(
    [x, y],
    (save) => {
      save([x, y])
      return tf.mul(x, y)
    },
    (dy, saved) => [
      () => tf.mul(tf.mul(dy, savedTensor(saved, 1)), 10),
      () => tf.mul(tf.mul(dy, savedTensor(saved, 0)), 10)
    ]
  )

const read = (tensors: ReadonlyArray<tf.Tensor>) => tensors.map((tensor) => tensor.arraySync())

test("the gradients are the operation's own, before and behind those of the engine", () => {
  const inputs = [tf.scalar(3), tf.scalar(5)]
  // Of 7 (2 x y + x): 7 (20 y + 1) and 7 (20 x).
  const gradients = tf.grads((x, y) => tf.mul(tf.add(product(tf.mul(x, 2), y), x), 7))(inputs)
  expect(read(gradients)).toEqual([7 * 101, 7 * 60])
})

test("an operation is one entry of the tape, and what it saves is gone with the gradient", () => {
  const inputs = [tf.scalar(3), tf.scalar(5)]
  const before = tf.memory().numTensors
  let entries = 0
  const gradients = tf.grads((x, y) => {
    const result = product(x, y)
    entries = tf.engine().state.activeTape.length
    return result
  })(inputs)
  expect(entries).toBe(1)
  expect(read(gradients)).toEqual([50, 30])
  tf.dispose(gradients)
  expect(tf.memory().numTensors).toBe(before)
})

test("where no gradient is asked for, nothing is kept", () => {
  const [x, y] = [tf.scalar(3), tf.scalar(5)]
  const before = tf.memory().numTensors
  const result = product(x, y)
  expect(result.arraySync()).toBe(15)
  result.dispose()
  expect(tf.memory().numTensors).toBe(before)
})
