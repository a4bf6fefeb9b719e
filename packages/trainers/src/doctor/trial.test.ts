import { assert, beforeAll, describe, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { Effect } from "effect"
import { tinyConfig } from "../../test/tiny-config.ts"
import { type BackendName, loadBackend } from "../backend/index.ts"
import type { DecoderConfig } from "../decoder/index.ts"
import { makeTrial } from "./trial.ts"

/** Two layers with grouped queries and Qwen2's biases. */
const config: DecoderConfig = {
  ...tinyConfig,
  vocabularySize: 40,
  hiddenSize: 32,
  intermediateSize: 48,
  layers: 2,
  heads: 4,
  keyValueHeads: 2,
  headSize: 8,
  maximumPositions: 32,
  biases: ["q_proj", "k_proj", "v_proj"]
}

const size = { groups: 2, samples: 4, prompt: 5, completion: 7 }

/** Steps of a fresh trial, with the gradients of the first and the number of tensors after each. */
const train = async (steps: number) => {
  const before = tf.memory().numTensors
  const trial = makeTrial(config, size)
  try {
    const first = await trial.step()
    const gradients = await trial.firstGradients()
    const losses = [first.loss]
    const tensors = [tf.memory().numTensors]
    while (losses.length < steps) {
      losses.push((await trial.step()).loss)
      tensors.push(tf.memory().numTensors)
    }
    return { losses, tensors, gradients, gradientNorm: first.gradientNorm, before }
  } finally {
    trial.dispose()
  }
}

/** The largest difference of any element, relative to the largest element of its tensor. */
const distance = (
  actual: ReadonlyMap<string, Float32Array>,
  expected: ReadonlyMap<string, Float32Array>
): number => {
  assert.deepStrictEqual([...actual.keys()], [...expected.keys()])
  const distances = Array.from(expected, ([name, values]) => {
    const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    assert.isAbove(scale, 0, name)
    return values.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - (actual.get(name)?.[i] ?? Number.NaN)) / scale),
      0
    )
  })
  return Math.max(...distances)
}

describe("a trial", () => {
  let reference: Awaited<ReturnType<typeof train>>
  beforeAll(async () => {
    await Effect.runPromise(loadBackend({ prefer: "cpu" }))
    reference = await train(6)
  })

  it("learns, and leaves no tensors", () => {
    const { losses, tensors, before } = reference
    assert.isBelow(losses.at(-1) ?? 0, losses[0] ?? 0)
    assert.strictEqual(new Set(tensors).size, 1)
    assert.strictEqual(tf.memory().numTensors, before)
  })

  it.for<BackendName>(["wasm", "tensorflow", "webgpu"])(
    "has cpu's loss and gradients on %s to 1e-5, where that loads, and as many tensors after 50 steps as after 5",
    { timeout: 120_000 },
    async (name, { skip }) => {
      const loaded = await Effect.runPromise(
        Effect.result(loadBackend({ prefer: name, allowSoftwareGpu: true }))
      )
      if (loaded._tag === "Failure") return skip(loaded.failure.message)
      const { losses, tensors, gradients, gradientNorm } = await train(50)
      for (const [step, loss] of reference.losses.entries()) {
        assert.closeTo(losses[step] ?? Number.NaN, loss, 1e-5)
      }
      assert.closeTo(gradientNorm, reference.gradientNorm, 1e-5 * reference.gradientNorm)
      assert.isBelow(distance(gradients, reference.gradients), 1e-5)
      assert.strictEqual(tensors[49], tensors[4])
      assert.isBelow(losses[49] ?? 0, losses[4] ?? 0)
    }
  )
})
