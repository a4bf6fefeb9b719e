import { beforeAll, expect, it } from "@effect/vitest"
import { seedKey, uniform } from "@tracer-sdk/core"
import { Effect } from "effect"
import { tinyConfig } from "../../test/tiny-config.ts"
import { loadCpu } from "../backend/cpu.ts"
import { quietly } from "../backend/quietly.ts"
import { createDecoder } from "../decoder/index.ts"
import { makeHeap } from "./heap.ts"
import { helperCount, helperThreads } from "./helpers.ts"
import { makeSampler } from "./index.ts"
import { makeKernels } from "./kernels.ts"
import { multiply, packMatrix } from "./packed-matrix.ts"

beforeAll(() => quietly(loadCpu))

it.effect(
  "products are the same to the last bit with three more threads, one after another and in between",
  () =>
    Effect.gen(function* () {
      const threads = yield* helperThreads(3)
      const kernels = makeKernels()
      const heap = makeHeap(kernels.memory)
      const helpers = threads.join(kernels, heap)
      const random = (count: number, seed: number) =>
        Float32Array.from({ length: count }, (_, i) => 2 * uniform(seedKey(seed), i) - 1)
      const cases = [
        { rows: 9, inner: 64, columns: 2048 },
        { rows: 4, inner: 33, columns: 8008 },
        { rows: 1, inner: 1024, columns: 1032 },
        { rows: 131, inner: 127, columns: 72 }
      ].map(({ rows, inner, columns }, i) => {
        const shape = {
          inputs: { size: inner, stride: inner },
          outputs: { size: columns, stride: columns },
          ...{ inner, columns }
        }
        const values = random(inner * columns, i)
        const matrix = packMatrix(heap, shape, [{ values, inputs: inner, from: 0 }], i % 2 === 1)
        const x = heap.allocate(4 * rows * inner)
        heap.floats().set(random(rows * inner, i + 10), x / 4)
        const [alone, shared] = [heap.allocate(4 * rows * columns), heap.allocate(4 * rows * columns)]
        multiply({ kernels }, matrix, x, inner * 4, alone, columns * 4, rows, false)
        return { rows, inner, columns, matrix, x, alone, shared }
      })
      for (let round = 0; round < 200; round++) {
        for (const { rows, inner, columns, matrix, x, shared } of cases) {
          multiply({ kernels, helpers }, matrix, x, inner * 4, shared, columns * 4, rows, false)
        }
        // Now and then they fall asleep, and are woken.
        if (round % 50 === 0) yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 20)))
        for (const { rows, columns, alone, shared } of cases) {
          const size = 4 * rows * columns
          const bytes = (from: number) => Buffer.from(kernels.memory.buffer, from, size)
          expect(bytes(shared).equals(bytes(alone))).toBe(true)
          heap.floats().fill(0, shared / 4, (shared + size) / 4)
        }
      }
    })
)

it.effect("a thread that fails in the middle of a product is told of, and no other is asked after that", () =>
  Effect.gen(function* () {
    const threads = yield* helperThreads(1)
    const kernels = makeKernels()
    const heap = makeHeap(kernels.memory)
    const helpers = threads.join(kernels, heap)
    const shape = {
      inputs: { size: 512, stride: 512 },
      outputs: { size: 8, stride: 8 },
      inner: 512,
      columns: 2048
    }
    const values = new Float32Array(512 * 8).fill(1)
    const matrix = packMatrix(heap, shape, [{ values, inputs: 512, from: 0 }], false)
    const x = heap.allocate(512 * 4)
    const y = heap.allocate(2048 * 4)
    heap.floats().fill(1, x / 4, x / 4 + 512)
    const run = () => multiply({ kernels, helpers }, matrix, x, 2048, y, 8192, 1, false)
    run()
    const mailbox = helpers.mailbox()
    expect(mailbox).toBeDefined()
    // What a thread's program does where its product throws, without having counted itself in.
    Atomics.add(new Int32Array(kernels.memory.buffer), (mailbox ?? 0) / 4 + 32, 1)
    kernels.fail(mailbox ?? 0)
    expect(run).toThrow("helping thread of the sampler failed")
    expect(helpers.mailbox()).toBeUndefined()
    run()
    expect(heap.floats()[y / 4]).toBe(512)
  })
)

it.effect("a sampler draws the same with helpers, and after they are gone", () =>
  Effect.gen(function* () {
    const config = { ...tinyConfig, vocabularySize: 4096, hiddenSize: 64, maximumPositions: 64 }
    const decoder = createDecoder(config, 1)
    const ask = { prompt: [1, 2, 3], samples: 6, seed: 4, temperature: 1, maxTokens: 10, adapter: undefined }
    const alone = yield* (yield* makeSampler(decoder)).sample(ask)
    const sampler = yield* Effect.scoped(
      Effect.gen(function* () {
        const helped = yield* makeSampler(decoder, { helpers: yield* helperThreads(2) })
        expect(yield* helped.sample(ask)).toEqual(alone)
        return helped
      })
    )
    expect(yield* sampler.sample({ ...ask, prompt: [1, 2, 3] })).toEqual(alone)
    expect(helperCount(config)).toBe(0)
  })
)
