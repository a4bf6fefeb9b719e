import * as tf from "@tensorflow/tfjs"
import { expect, test } from "vitest"
import { tinyConfig } from "../../test/tiny-config.ts"
import { type AttentionShape, attention, queryBlocks } from "./attention.ts"
import { attentionMask, type QueryBlock } from "./attention-mask.ts"
import { makeRotation } from "./rotary.ts"
import type { TokenBatch } from "./types.ts"

const [batch, time] = [2, 9]
const shape: AttentionShape = { batch, time, heads: 4, keyValueHeads: 2, headSize: 4 }
const empty = { ids: new Int32Array(0), targets: new Int32Array(0), mask: new Float32Array(0) }
const plain: TokenBatch = { batch, time, ...empty }
const branched: TokenBatch = {
  ...plain,
  branches: {
    positions: Int32Array.of(0, 1, 2, 3, 4, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 3, 4, 5),
    branch: Int32Array.of(0, 0, 1, 1, 1, 2, 2, 2, 2, 0, 0, 0, 1, 1, 1, 2, 2, 3)
  }
}

const run = (tokens: TokenBatch, window: number | undefined, blocks: ReadonlyArray<QueryBlock>) => {
  const rotation = makeRotation(
    tinyConfig,
    Int32Array.from({ length: time }, (_, i) => i),
    1,
    0.5
  )
  const visible = (block: QueryBlock) => attentionMask(tokens, block, window)
  const tables = { queryRotation: rotation, keyRotation: rotation, blocks, visible }
  const rows = (heads: number, seed: number) =>
    tf.randomNormal([batch * time, heads * shape.headSize], 0, 1, "float32", seed)
  return tf.valueAndGrads((queries: tf.Tensor, keys: tf.Tensor, values: tf.Tensor) =>
    attention(queries, keys, values, shape, tables)
  )([rows(4, 1), rows(2, 2), rows(2, 3)], rows(4, 4))
}

test.each([
  { what: "a plain batch", tokens: plain, window: undefined },
  { what: "a window of 3", tokens: plain, window: 3 },
  { what: "branches", tokens: branched, window: undefined },
  { what: "branches and a window of 3", tokens: branched, window: 3 }
])("$what: in blocks of queries as at once, gradients included", ({ tokens, window }) => {
  const whole = run(tokens, window, [{ start: 0, end: time }])
  const blocks = run(tokens, window, [
    { start: 0, end: 4 },
    { start: 4, end: 8 },
    { start: 8, end: time }
  ])
  tf.test_util.expectArraysClose(blocks.value.arraySync(), whole.value.arraySync(), 1e-5)
  whole.grads.forEach((gradient, i) => {
    expect(gradient.abs().sum().dataSync()[0]).toBeGreaterThan(1)
    tf.test_util.expectArraysClose(blocks.grads[i]?.arraySync() ?? [], gradient.arraySync(), 1e-5)
  })
})

test("blocks cover long sequences, and their scores stay within the limit", () => {
  const config = { heads: 14, headSize: 64 }
  expect(queryBlocks(config, { batch: 64, time: 256 })).toEqual([{ start: 0, end: 256 }])
  const blocks = queryBlocks(config, { batch: 2, time: 4_096 })
  expect(blocks.at(0)).toEqual({ start: 0, end: 73 })
  expect(blocks.at(-1)?.end).toBe(4_096)
  expect(73 * 2 * 14 * 4_096).toBeLessThan(8_388_608)
  blocks.slice(1).forEach((block, i) => {
    expect(block.start).toBe(blocks[i]?.end)
  })
})
