import { assert, describe, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { tinyConfig } from "../../../test/tiny-config.ts"
import { attention, queryBlocks } from "../../decoder/attention.ts"
import { attentionMask, type QueryBlock } from "../../decoder/attention-mask.ts"
import { rmsNorm } from "../../decoder/rms-norm.ts"
import { makeRotation } from "../../decoder/rotary.ts"
import { swiglu } from "../../decoder/swiglu.ts"
import { tokenScores } from "../../decoder/token-scores.ts"
import type { Branches, TokenBatch } from "../../decoder/types.ts"
import { loadCpu } from "../cpu.ts"
import { quietly } from "../quietly.ts"
import { loadWasm } from "../wasm.ts"
import { makeKernelPool } from "./kernel-pool.ts"
import { registerAttention } from "./wasm-attention.ts"
import { registerBatchMatMul } from "./wasm-batch-mat-mul.ts"
import { registerFusedRows } from "./wasm-fused-rows.ts"
import { wasmBackend } from "./wasm-kernel.ts"

const random = (shape: number[], seed: number): tf.Tensor => tf.randomNormal(shape, 0, 1, "float32", seed)

/** Results and gradients, flat, of a function of random tensors. */
function run(f: (...given: tf.Tensor[]) => tf.Tensor, shapes: ReadonlyArray<number[]>): Float32Array[] {
  return tf.tidy(() => {
    const given = shapes.map((shape, i) => random(shape, i + 1))
    const out = f(...given)
    const { value, grads } = tf.valueAndGrads(f)(given, random(out.shape, 99))
    return [value, ...grads].map((tensor) => Float32Array.from(tensor.dataSync()))
  })
}

/** Runs on wasm and on cpu, where each operation is composed of stock ones. */
async function compare(f: () => Float32Array[], tolerance = 1e-4): Promise<void> {
  await quietly(() => loadWasm(2))
  const [fused, again] = [f(), f()]
  await quietly(() => loadCpu())
  const composed = f()
  assert.deepStrictEqual(fused, again)
  assert.strictEqual(fused.length, composed.length)
  composed.forEach((expected, i) => {
    assert.isAbove(
      expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
      0.1
    )
    tf.test_util.expectArraysClose(fused[i] ?? [], expected, tolerance)
  })
}

const branched = (batch: number, time: number): Branches => {
  // A trunk of 5 tokens, then branches of 7 tokens.
  const place = (i: number) => i % time
  const inTrunk = (i: number) => place(i) < 5
  return {
    positions: Int32Array.from({ length: batch * time }, (_, i) =>
      inTrunk(i) ? place(i) : 5 + ((place(i) - 5) % 7)
    ),
    branch: Int32Array.from({ length: batch * time }, (_, i) =>
      inTrunk(i) ? 0 : 1 + Math.floor((place(i) - 5) / 7)
    )
  }
}

function attentionCase(time: number, options: { window?: number; branches?: boolean; rotated?: number }) {
  const batch = 2
  const shape = { batch, time, heads: 4, keyValueHeads: 2, headSize: 12 }
  const { window, rotated = 12 } = options
  const branches = options.branches === true ? branched(batch, time) : undefined
  const empty = { ids: new Int32Array(0), targets: new Int32Array(0), mask: new Float32Array(0) }
  const tokens: TokenBatch = { batch, time, ...empty, ...(branches && { branches }) }
  const config = { ...tinyConfig, headSize: 12, rope: { theta: 100, rotatedFeatures: rotated } }
  const positions = branches?.positions ?? Int32Array.from({ length: time }, (_, i) => i)
  const f = (...[queries, keys, values]: tf.Tensor[]) => {
    if (queries === undefined || keys === undefined || values === undefined) throw new Error("three")
    const rotation = (scale: number) =>
      makeRotation(config, positions, branches === undefined ? 1 : batch, scale)
    return attention(queries, keys, values, shape, {
      queryRotation: rotation(1 / Math.sqrt(12)),
      keyRotation: rotation(1),
      blocks: queryBlocks(shape, shape),
      visible: (block: QueryBlock) => attentionMask(tokens, block, window),
      ...(window !== undefined && { window }),
      ...(branches && {
        branches: { positions: tf.tensor(branches.positions), numbers: tf.tensor(branches.branch) }
      })
    })
  }
  return () =>
    run(f, [
      [batch * time, 48],
      [batch * time, 24],
      [batch * time, 24]
    ])
}

describe("operations in one piece on wasm", () => {
  it.each([
    ["one block", 9, {}],
    ["several blocks and a rest", 150, {}],
    ["a window", 70, { window: 11 }],
    ["branches", 70, { branches: true }],
    ["branches and a window", 70, { branches: true, window: 6 }],
    ["half of the features rotated", 33, { rotated: 6 }]
  ] as const)("attention of %s is that of the stock operations", (_, time, options) =>
    compare(attentionCase(time, options))
  )

  it("norm, for widths that are no multiple of 4 too", async () => {
    for (const width of [5, 64]) {
      const scale = () => random([width], 9)
      await compare(() => run((x) => rmsNorm(x ?? tf.scalar(0), scale(), 1e-5), [[700, width]]))
    }
  })

  it("gate", () =>
    compare(() =>
      run(
        (g, u) => swiglu(g ?? tf.scalar(0), u ?? tf.scalar(0)),
        [
          [129, 131],
          [129, 131]
        ]
      )
    ))

  it("scores of tokens", () =>
    compare(() => {
      const head = [tf.mul(random([311, 16], 5), 3)]
      const targets = tf.range(0, 300, 1, "int32")
      const scores = (hidden: tf.Tensor) =>
        tokenScores({ hidden, head, targets, temperature: 0.7, rowsAtOnce: 128 })
      return run((hidden) => scores(hidden ?? tf.scalar(0)), [[300, 16]])
    }))
})

it("no number depends on how many threads compute it", async () => {
  await quietly(() => loadWasm(2))
  const withThreads = (threads: number) =>
    quietly(() => {
      const pool = makeKernelPool(wasmBackend(tf.backend()), threads)
      registerBatchMatMul(pool)
      registerFusedRows(pool)
      registerAttention(pool)
      const product = (x: tf.Tensor, y: tf.Tensor) => tf.matMul(x, y, false, true)
      return [
        attentionCase(150, {})(),
        run(
          (x, y) => product(x ?? tf.scalar(0), y ?? tf.scalar(0)),
          [
            [1_000, 301],
            [500, 301]
          ]
        ),
        run((x) => rmsNorm(x ?? tf.scalar(0), random([64], 9), 1e-5), [[700, 64]])
      ]
    })
  const alone = await withThreads(1)
  for (const threads of [2, 5]) assert.deepStrictEqual(await withThreads(threads), alone)
  await quietly(() => loadWasm(2))
})
