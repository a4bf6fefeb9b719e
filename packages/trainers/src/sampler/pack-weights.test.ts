/// <reference path="./webassembly.d.ts" />
import { beforeAll, expect, test } from "vitest"
import { tinyConfig } from "../../test/tiny-config.ts"
import { loadCpu } from "../backend/cpu.ts"
import { quietly } from "../backend/quietly.ts"
import { createDecoder } from "../decoder/index.ts"
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
