import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, beforeAll, describe, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { Effect, Result } from "effect"
import { type BackendName, backendNames } from "./backend.ts"
import { stockName } from "./kernels/replace-kernel.ts"
import { loadBackend } from "./load-backend.ts"

// What TensorFlow.js 4.22 does that gives wrong numbers, or none. A test that fails after an upgrade says that a way around can go.

const numbers = (tensor: tf.Tensor) => Effect.promise(async () => Array.from(await tensor.data()))
const matrix = () =>
  tf.tensor2d([
    [1, 2],
    [3, 4]
  ])

/** Operations without a gradient, each applied to a 2 x 2 matrix. */
const withoutGradient: Readonly<Record<string, (x: tf.Tensor2D) => tf.Tensor>> = {
  GatherNd: (x) => tf.gatherND(x, tf.tensor2d([0, 1], [1, 2], "int32")),
  ScatterNd: (x) => tf.scatterND(tf.tensor2d([0, 1], [2, 1], "int32"), x, [3, 2]),
  TensorScatterUpdate: (x) =>
    tf.tensorScatterUpdate(x, tf.tensor2d([0], [1, 1], "int32"), tf.tensor2d([1, 1], [1, 2])),
  Einsum: (x) => tf.einsum("ij,jk->ik", x, matrix()),
  TopK: (x) => tf.topk(x, 1).values,
  Greater: (x) => tf.where(tf.greater(x, 2), x, tf.zerosLike(x))
}

const load = (prefer: BackendName) =>
  Effect.runPromise(Effect.result(loadBackend({ prefer, allowSoftwareGpu: true })))

const present: Array<BackendName> = []
for (const name of backendNames) if (Result.isSuccess(await load(name))) present.push(name)

describe.each(present)("stock TensorFlow.js on %s, which loads here,", (name) => {
  beforeAll(() => load(name))

  it.effect("makes a float of an integer times a number, so that indices above 2^24 are off", () =>
    Effect.gen(function* () {
      const index = tf.tensor1d([16_777_217], "int32")
      const [asFloat, asInteger] = [tf.mul(index, 1), tf.mul(index, tf.scalar(1, "int32"))]
      assert.deepStrictEqual([asFloat.dtype, asInteger.dtype], ["float32", "int32"])
      assert.deepStrictEqual(yield* numbers(asFloat), [16_777_216])
      assert.deepStrictEqual(yield* numbers(asInteger), [16_777_217])
    })
  )

  it.effect("counts with oneHot right where its integers are cast, as the trainers do", () =>
    Effect.gen(function* () {
      const chosen = tf.cast(tf.oneHot(tf.tensor1d([1], "int32"), 3), "float32")
      assert.deepStrictEqual(yield* numbers(chosen), [0, 1, 0])
    })
  )

  it.each(Object.entries(withoutGradient))("has no gradient of %s, and says so", (kernel, operation) => {
    const gradient = tf.grad((x: tf.Tensor) => tf.sum(operation(tf.reshape(x, [2, 2]))))
    assert.throws(() => tf.tidy(() => gradient(matrix())), new RegExp(`${kernel}|not registered`))
  })

  it("has no gradient by a matrix that a batch of matrices is multiplied with, and says so", () => {
    const gradient = tf.grad((x: tf.Tensor) => tf.sum(tf.matMul(tf.ones([3, 2, 2]), x)))
    assert.throws(() => tf.tidy(() => gradient(matrix())), /'3,2,2', which does not match the shape/)
  })

  it("wants a gradient of its own for every input of customGrad, and says so", () => {
    const one = tf.customGrad((...given) => ({
      value: tf.addN(given.filter((input) => input instanceof tf.Tensor)),
      gradFunc: (dy: tf.Tensor) => [dy]
    }))
    const gradient = tf.grad((x: tf.Tensor) => tf.sum(one(x, x)))
    assert.throws(() => tf.tidy(() => gradient(matrix())), /returns the same number/)
  })
})

describe("stock kernels of wasm", () => {
  beforeAll(() => load("wasm"))

  const stock = (kernel: string, inputs: tf.NamedTensorMap, attrs: tf.NamedAttrMap): tf.Tensor => {
    const made: unknown = tf.engine().runKernel(stockName(kernel), inputs, attrs)
    if (made instanceof tf.Tensor) return made
    throw new Error(`${kernel} gave no tensor`)
  }
  const largestDifference = (a: tf.Tensor, b: tf.Tensor) => numbers(tf.max(tf.abs(tf.sub(a, b))))

  it.effect("write the bits of integers where oneHot is asked for floats: the trainers cast", () =>
    Effect.gen(function* () {
      const bits = yield* numbers(tf.oneHot(tf.tensor1d([1], "int32"), 3, 1, 0, "float32"))
      assert.deepStrictEqual(bits, [0, 2 ** -149, 0])
    })
  )

  it.effect("multiply transposed operands with a bias wrongly above 48 inner elements: ours does not", () =>
    Effect.gen(function* () {
      const a = tf.randomNormal([2, 64, 5], 0, 1, "float32", 1)
      const b = tf.randomNormal([2, 7, 64], 0, 1, "float32", 2)
      const bias = tf.randomNormal([7], 0, 1, "float32", 3)
      const right = tf.add(tf.matMul(a, b, true, true), bias)
      const options = { transposeA: true, transposeB: true, activation: "linear" } as const
      const [wrongBy = 0] = yield* largestDifference(stock("_FusedMatMul", { a, b, bias }, options), right)
      assert.isAbove(wrongBy, 0.1)
      const [oursBy = 1] = yield* largestDifference(tf.fused.matMul({ a, b, bias, ...options }), right)
      assert.isBelow(oursBy, 1e-5)
    })
  )

  it.effect("sum a million elements 1% off: ours does not", () =>
    Effect.gen(function* () {
      const x = tf.fill([1_000_000], 0.1)
      const [off = 0] = yield* numbers(stock("Sum", { x }, { axis: [0], keepDims: false }))
      assert.isAbove(Math.abs(off - 100_000), 500)
      const [ours = 0] = yield* numbers(tf.sum(x))
      assert.closeTo(ours, 100_000, 0.01)
    })
  )
})

it("the trainers' own code uses none of what has no gradient, or cannot be read on WebGPU", () => {
  const root = join(import.meta.dirname, "..")
  const files = globSync("**/*.ts", { cwd: root }).filter((file) => !file.endsWith(".test.ts"))
  assert.isAbove(files.length, 50)
  const avoided = /\b(gatherND|scatterND|tensorScatterUpdate|einsum|topk|fused\.matMul|dataSync|arraySync)\(/
  const users = files.filter((file) => avoided.test(readFileSync(join(root, file), "utf8")))
  assert.deepStrictEqual(users, [])
})
