import * as tf from "@tensorflow/tfjs"
import { afterAll, beforeAll, expect, test } from "vitest"
import { loadCpu } from "../backend/cpu.ts"
import { quietly } from "../backend/quietly.ts"
import { makeAdam } from "./adam.ts"
import { valueAndGradients } from "./value-and-gradients.ts"

beforeAll(() => quietly(loadCpu))

// The tensor that a variable starts from is a tensor of its own.
const variable = (values: Array<number>, shape: Array<number> = [values.length]) =>
  tf.tidy(() => tf.variable(tf.tensor(values, shape)))

const fit = () => {
  const parameters = {
    weight: variable([0.5, -1, 2, 0.25], [2, 2]),
    bias: variable([0.1, -0.2])
  }
  const loss = (): tf.Scalar =>
    tf.tidy(() => {
      const x = tf.tensor2d([1, 2, -0.5, 0.3, 0.7, -1.1], [3, 2])
      const y = tf.tensor2d([1, 0, 0, 2, -1, 1], [3, 2])
      const guess = tf.add(tf.matMul(x, parameters.weight), parameters.bias)
      return tf.mean(tf.squaredDifference(guess, y))
    })
  return { parameters, gradients: () => valueAndGradients(loss, parameters) }
}

const read = (variable: tf.Variable): Array<number> => Array.from(variable.dataSync())
const before = { tensors: 0 }
beforeAll(() => {
  before.tensors = tf.memory().numTensors
})
afterAll(() => {
  expect(tf.memory().numTensors).toBe(before.tensors)
})

const closeTo = (actual: ReadonlyArray<number>, expected: ReadonlyArray<number>, digits = 5) => {
  expect(actual).toHaveLength(expected.length)
  expected.forEach((value, i) => {
    expect(actual[i]).toBeCloseTo(value, digits)
  })
}

test("the first step moves every parameter by the learning rate against the sign of its gradient", async () => {
  const x = variable([1, 2])
  const adam = makeAdam({ x }, { learningRate: 0.1, epsilon: 1e-12 })
  const gradient = tf.tensor1d([30, -0.002])
  const outcome = await adam.step({ x: gradient })
  closeTo(read(x), [0.9, 2.1])
  expect(outcome.applied).toBe(true)
  expect(outcome.gradientNorm).toBeCloseTo(30, 4)
  tf.dispose([x, gradient])
  adam.dispose()
})

// torch 2.13: AdamW with weight_decay 0.1 on the weight, 0 on the bias, and clip_grad_norm_ at 0.5.
test("four clipped steps with weight decay land where PyTorch's do", async () => {
  const { parameters, gradients } = fit()
  const adam = makeAdam(parameters, {
    learningRate: 0.05,
    beta2: 0.99,
    maxGradientNorm: 0.5,
    weightDecay: 0.1
  })
  const losses: Array<number> = []
  const norms: Array<number> = []
  for (let step = 0; step < 4; step++) {
    const { value, gradients: slopes } = gradients()
    const { loss, gradientNorm } = await adam.step(slopes, value)
    losses.push(loss)
    norms.push(gradientNorm)
    tf.dispose([value, ...Object.values(slopes)])
  }
  closeTo(losses, [3.597708, 3.232278, 2.892254, 2.577301])
  closeTo(norms, [3.465564, 3.273304, 3.083048, 2.894698])
  closeTo(read(parameters.weight), [0.2918548, -0.7818704, 1.7617712, 0.0588187])
  closeTo(read(parameters.bias), [-0.0995337, 0.0002086])
  adam.dispose()
  tf.dispose(Object.values(parameters))
})

test("a loss or gradient that is not finite skips the step, is counted, and leaves everything as it was", async () => {
  const { parameters, gradients } = fit()
  const adam = makeAdam(parameters, { learningRate: 0.05 })
  const { value, gradients: slopes } = gradients()
  await adam.step(slopes, value)
  const held = [read(parameters.weight), await adam.state()]
  const broken = tf.tensor1d([1, Number.NaN])
  const infinite = tf.scalar(Number.POSITIVE_INFINITY)
  expect((await adam.step({ ...slopes, bias: broken }, value)).applied).toBe(false)
  expect((await adam.step(slopes, infinite)).applied).toBe(false)
  expect(adam.skipped).toBe(2)
  expect([read(parameters.weight), { ...(await adam.state()), skipped: 0 }]).toEqual(held)
  adam.dispose()
  tf.dispose([value, broken, infinite, ...Object.values(slopes), ...Object.values(parameters)])
})

test("a restored optimizer goes on with the same bits", async () => {
  const walk = async (interrupted: boolean) => {
    const { parameters, gradients } = fit()
    const make = () => makeAdam(parameters, { learningRate: (step) => 0.05 / (1 + step), maxGradientNorm: 1 })
    let adam = make()
    for (let step = 0; step < 6; step++) {
      if (interrupted && step === 3) {
        const state = await adam.state()
        adam.dispose()
        adam = make()
        adam.restore(state)
      }
      const { value, gradients: slopes } = gradients()
      await adam.step(slopes, value)
      tf.dispose([value, ...Object.values(slopes)])
    }
    const end = [read(parameters.weight), read(parameters.bias), await adam.state()]
    adam.dispose()
    tf.dispose(Object.values(parameters))
    return end
  }
  expect(await walk(true)).toEqual(await walk(false))
})

test("steps keep the number of tensors, and a wrong gradient is named", async () => {
  const { parameters, gradients } = fit()
  const adam = makeAdam(parameters, { learningRate: 0.05 })
  const { value, gradients: slopes } = gradients()
  await adam.step(slopes, value)
  const held = tf.memory().numTensors
  for (let step = 0; step < 3; step++) await adam.step(slopes, value)
  expect(tf.memory().numTensors).toBe(held)
  await expect(adam.step({ bias: value })).rejects.toThrow("weight")
  await expect(adam.step({ weight: value, bias: value })).rejects.toThrow("4 elements")
  adam.dispose()
  tf.dispose([value, ...Object.values(slopes), ...Object.values(parameters)])
})

test("parameters of many pages are stepped as those of one, by one norm, and restored", async () => {
  // More than half a page each: a page for the first with the small ones, another for the last.
  const size = 600_000
  const small = { a: variable([1, 2]), b: variable([3, 4], [2, 1]) }
  const large = () => tf.tidy(() => tf.variable(tf.ones([size])))
  const parameters = { first: large(), ...small, last: large() }
  const gradients = {
    first: tf.fill([size], 0.002),
    a: tf.tensor1d([3, -4]),
    b: tf.tensor2d([[0.5], [2]]),
    last: tf.fill([size], -0.004)
  }
  const alone = { a: variable([1, 2]), b: variable([3, 4], [2, 1]) }
  const norm = Math.sqrt(size * 0.002 ** 2 + 9 + 16 + 0.25 + 4 + size * 0.004 ** 2)
  const options = { learningRate: 0.1, epsilon: 0.5 }
  const adam = makeAdam(parameters, { ...options, maxGradientNorm: 2 })
  // The small ones by themselves, their gradients scaled as the norm of all scales them.
  const other = makeAdam(alone, options)
  const scaled = tf.tidy(() => ({ a: tf.mul(gradients.a, 2 / norm), b: tf.mul(gradients.b, 2 / norm) }))
  for (let step = 0; step < 2; step++) {
    expect((await adam.step(gradients)).gradientNorm).toBeCloseTo(norm, 4)
    await other.step(scaled)
    if (step === 0) adam.restore(await adam.state())
  }
  closeTo(read(small.a), read(alone.a), 6)
  closeTo(read(small.b), read(alone.b), 6)
  // Two steps along a constant gradient g, of 0.1 g / (g + 0.5) each.
  const slope = (0.004 * 2) / norm
  const ends = tf.tidy(() => [tf.min(parameters.last), tf.max(parameters.last)].map((x) => x.dataSync()[0]))
  for (const end of ends) expect(end).toBeCloseTo(1 + (0.2 * slope) / (slope + 0.5), 6)
  adam.dispose()
  other.dispose()
  tf.dispose([parameters, gradients, alone, scaled])
})
