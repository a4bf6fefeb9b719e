import * as tf from "@tensorflow/tfjs"
import { seedKey } from "@tracer-sdk/core"
import { expect, test } from "vitest"
import { tinyConfig } from "../../test/tiny-config.ts"
import { createAdapter, defaultAdapterConfig } from "../adapter/index.ts"
import { valueAndGradients } from "../optimizer/index.ts"
import { createDecoder, forwardLogits, logProbabilities, makeDecoder, packSequences } from "./index.ts"
import { rowParts, tableOf } from "./row-table.ts"

test("a table that is too large is split by rows, the last part smaller", () => {
  expect(rowParts("t", [7, 8], Number.POSITIVE_INFINITY)).toEqual([{ name: "t", start: 0, rows: 7 }])
  expect(rowParts("t", [7, 8], 7 * 8 * 4)).toHaveLength(1)
  // 100 bytes hold three rows of 8 floats.
  expect(rowParts("t", [7, 8], 100)).toEqual([
    { name: "t.rows.0", start: 0, rows: 3 },
    { name: "t.rows.1", start: 3, rows: 3 },
    { name: "t.rows.2", start: 6, rows: 1 }
  ])
  // Qwen2.5-0.5B's embedding, 519 MiB, against WebGPU's usual binding.
  expect(rowParts("t", [151_936, 896], 128 * 2 ** 20)).toHaveLength(5)
})

test.each([true, false])("scores and gradients are those of whole tables (tied: %s)", (tiedEmbeddings) => {
  const config = { ...tinyConfig, tiedEmbeddings }
  const source = createDecoder(config, 3).weights
  const whole: Record<string, tf.Tensor> = {}
  const split: Record<string, tf.Tensor> = {}
  for (const [name, weight] of Object.entries(source)) {
    whole[name] = tf.clone(weight)
    const table = name === "model.embed_tokens.weight" || name === "lm_head.weight"
    for (const part of rowParts(name, weight.shape, table ? 100 : Number.POSITIVE_INFINITY)) {
      split[part.name] = tf.slice(weight, [part.start], [part.rows])
    }
  }
  const tokens = packSequences([
    { prompt: [1, 2], completion: [6, 3, 0] },
    { prompt: [5], completion: [4, 4] }
  ])
  const [expected, actual] = [whole, split].map((weights) => {
    const decoder = makeDecoder(config, weights)
    const adapter = createAdapter("a", decoder, defaultAdapterConfig(config), seedKey(4))
    for (const variable of Object.values(adapter.variables)) {
      tf.tidy(() => variable.assign(tf.randomNormal(variable.shape, 0, 0.3, "float32", 7)))
    }
    const { value, gradients } = valueAndGradients(
      () => tf.sum<tf.Scalar>(logProbabilities(decoder, adapter, tokens, { temperature: 0.8 })),
      adapter.variables
    )
    return [value, forwardLogits(decoder, adapter, tokens), ...Object.values(gradients)]
  })
  expect(Object.keys(split).length).toBeGreaterThan(Object.keys(whole).length + 1)
  expected?.forEach((tensor, i) => {
    tf.test_util.expectArraysClose(actual?.[i]?.dataSync() ?? [], tensor.dataSync(), 1e-6)
  })
})

test("a table in parts is not trained", () => {
  const parts = { "t.rows.0": tf.variable(tf.zeros([2, 8])), "t.rows.1": tf.variable(tf.zeros([1, 8])) }
  expect(() => tableOf(makeDecoder(tinyConfig, parts), undefined, "t")).toThrow("t is too large")
  expect(() => tableOf(makeDecoder(tinyConfig, parts), undefined, "u")).toThrow("no weight named u")
})
