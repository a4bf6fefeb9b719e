import * as tf from "@tensorflow/tfjs"
import { seedKey } from "@tracer-sdk/core"
import { expect, test } from "vitest"
import { tinyConfig } from "../../test/tiny-config.ts"
import { createAdapter, defaultAdapterConfig } from "../adapter/index.ts"
import { valueAndGradients } from "../optimizer/index.ts"
import { createDecoder, logProbabilities, makeDecoder, packBranches, packSequences } from "./index.ts"

const config = { ...tinyConfig, layers: 3 }
const prompt = [1, 2, 3]
const completions = [
  [4, 5, 6, 0],
  [2, 2, 0]
]
const batches = {
  sequences: packSequences(completions.map((completion) => ({ prompt, completion }))),
  branches: packBranches([{ prompt, completions }]).tokens
}

test.each(["sequences", "branches"] as const)(
  "a pass over %s with checkpoints has the same value and the same gradients",
  (kind) => {
    const full = createDecoder(config, 3)
    const frozen = makeDecoder(
      config,
      Object.fromEntries(Object.entries(full.weights).map(([name, weight]) => [name, tf.clone(weight)]))
    )
    const adapter = createAdapter("a", frozen, defaultAdapterConfig(config), seedKey(4))
    // B starts at 0, where A would have no gradient.
    for (const variable of Object.values(adapter.variables)) {
      tf.tidy(() => variable.assign(tf.randomNormal(variable.shape, 0, 0.3, "float32", 7)))
    }
    const weights: Record<string, tf.Variable> = {}
    for (const [name, weight] of Object.entries(full.weights)) {
      if (weight instanceof tf.Variable) weights[name] = weight
    }
    for (const [decoder, used, variables] of [
      [frozen, adapter, adapter.variables],
      [full, undefined, weights]
    ] as const) {
      const run = (checkpointing: boolean) =>
        valueAndGradients(
          () =>
            tf.sum<tf.Scalar>(
              logProbabilities(decoder, used, batches[kind], { temperature: 1, checkpointing })
            ),
          variables
        )
      const [expected, actual] = [run(false), run(true)]
      tf.test_util.expectArraysClose(actual.value.dataSync(), expected.value.dataSync(), 1e-6)
      for (const [name, gradient] of Object.entries(expected.gradients)) {
        tf.test_util.expectArraysClose(actual.gradients[name]?.dataSync() ?? [], gradient.dataSync(), 1e-6)
      }
      expect(Object.keys(actual.gradients)).toHaveLength(Object.keys(variables).length)
    }
  }
)

test("a pass with checkpoints leaves no tensors behind, and an outer gradient goes on after it", () => {
  const decoder = createDecoder(config, 3)
  const embedding = decoder.weights["model.embed_tokens.weight"]
  const run = () =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() =>
        tf.sum<tf.Scalar>(
          logProbabilities(decoder, undefined, batches.sequences, { temperature: 1, checkpointing: true })
        )
      )
      return tf.keep(
        tf.add(value, tf.sum(tf.abs(grads[embedding instanceof tf.Variable ? embedding.name : ""] ?? 0)))
      )
    })
  const first = run().dataSync()[0]
  const { numTensors } = tf.memory()
  const second = run()
  expect(second.dataSync()[0]).toBe(first)
  expect(tf.memory().numTensors).toBe(numTensors + 1)
})
