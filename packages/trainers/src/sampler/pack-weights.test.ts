/// <reference path="./webassembly.d.ts" />
import * as tf from "@tensorflow/tfjs"
import { beforeAll, expect, test } from "vitest"
import { tinyConfig } from "../../test/tiny-config.ts"
import { loadCpu } from "../backend/cpu.ts"
import { quietly } from "../backend/quietly.ts"
import { createDecoder, type Decoder, makeDecoder } from "../decoder/index.ts"
import { rowParts } from "../decoder/row-table.ts"
import { HeapFull, makeHeap } from "./heap.ts"
import { packWeights } from "./pack-weights.ts"

beforeAll(() => quietly(loadCpu))

test("weights that do not fit are refused with the sizes, and what was taken is given back", async () => {
  const heap = makeHeap(new WebAssembly.Memory({ initial: 1, maximum: 2 }))
  const decoder = createDecoder({ ...tinyConfig, vocabularySize: 4096 }, 1)
  const failure = await packWeights(decoder, heap).catch((cause: unknown) => cause)
  expect(failure).toBeInstanceOf(HeapFull)
  expect(String(failure)).toContain("MiB")
  expect(heap.used()).toBe(0)
})

test("an adapter's weights share everything with the base that they do not replace", async () => {
  const heap = makeHeap(new WebAssembly.Memory({ initial: 1, maximum: 100 }))
  const decoder = createDecoder({ ...tinyConfig, layers: 2 }, 1)
  const base = await packWeights(decoder, heap)
  const before = heap.used()
  const name = "model.layers.1.mlp.down_proj.weight"
  const own = decoder.weights[name]
  const adapter = {
    name: "a.b",
    config: { kind: "full" as const },
    variables: own === undefined ? {} : { [name]: own.variable() },
    revision: 0,
    dispose: () => {}
  }
  const packed = await packWeights(decoder, heap, adapter, base)
  expect(packed.layers[0]).toEqual(base.layers[0])
  expect(packed.head).toBe(base.head)
  expect(packed.layers[1]?.gateUp.matrix).toBe(base.layers[1]?.gateUp.matrix)
  expect(packed.layers[1]?.down.matrix.block).not.toBe(base.layers[1]?.down.matrix.block)
  // 12 inputs, 8 outputs.
  expect(heap.used() - before).toBe(12 * 8 * 4)
})

test("tables in parts of their rows are packed as whole ones are", async () => {
  const packed = async (weights: Decoder["weights"], tiedEmbeddings: boolean) => {
    const heap = makeHeap(new WebAssembly.Memory({ initial: 1, maximum: 100 }))
    const result = await packWeights(makeDecoder({ ...tinyConfig, tiedEmbeddings }, weights), heap)
    return { result, floats: heap.floats().slice() }
  }
  for (const tiedEmbeddings of [true, false]) {
    const { weights } = createDecoder({ ...tinyConfig, tiedEmbeddings }, 1)
    const parts: Record<string, tf.Tensor> = {}
    for (const [name, weight] of Object.entries(weights)) {
      const table = name === "model.embed_tokens.weight" || name === "lm_head.weight"
      // 100 bytes hold three rows of 8 floats.
      for (const part of rowParts(name, weight.shape, table ? 100 : Number.POSITIVE_INFINITY)) {
        parts[part.name] = tf.slice(weight, [part.start], [part.rows])
      }
    }
    expect(Object.keys(parts).length).toBeGreaterThan(Object.keys(weights).length)
    expect(await packed(parts, tiedEmbeddings)).toEqual(await packed(weights, tiedEmbeddings))
  }
})
