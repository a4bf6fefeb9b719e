import { assert, beforeAll, describe, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { loadWasm } from "../wasm.ts"
import { type KernelPool, makeKernelPool } from "./kernel-pool.ts"
import { wasmBackend } from "./wasm-kernel.ts"

const size = 4_096
const parts = 64

let pool: KernelPool

beforeAll(async () => {
  await loadWasm(1)
  // More threads than processors, so that some are always asleep or late.
  pool = makeKernelPool(wasmBackend(tf.backend()), 5)
})

/** Copies floats to a new tensor in many parts. */
function copied(from: tf.Tensor): Float32Array {
  const backend = wasmBackend(tf.backend())
  const out = backend.makeOutput([size], "float32")
  const [source, target] = [from.dataId, out.dataId].map((dataId) => backend.getMemoryOffset(dataId))
  if (source === undefined || target === undefined) throw new Error("two tensors have two addresses")
  pool.run({ kernel: "copy", parts, integers: [source, target, 4 * size, (4 * size) / parts] })
  const values = Float32Array.from(tf.engine().makeTensorFromTensorInfo(out).dataSync())
  return values
}

describe("the kernel pool", () => {
  it("does every part of every call, whoever does it", () => {
    for (let round = 0; round < 500; round++) {
      const from = tf.range(round, round + size)
      assert.deepStrictEqual(
        copied(from),
        Float32Array.from({ length: size }, (_, i) => round + i)
      )
      from.dispose()
    }
  })

  it("throws where a part fails on any thread, and works on", () => {
    const outside = 0xffff0000 | 0
    const call = { kernel: "copy", parts, integers: [outside, outside, 4 * size, 4 * size] } as const
    for (let round = 0; round < 20; round++) {
      assert.throws(() => pool.run(call), /The kernel copy failed/)
    }
    const from = tf.range(0, size)
    assert.deepStrictEqual(
      copied(from),
      Float32Array.from({ length: size }, (_, i) => i)
    )
  })

  it("runs in no part at all, and refuses what is no number of parts", () => {
    const integers = [0, 0, 0, 0]
    pool.run({ kernel: "copy", parts: 0, integers })
    assert.throws(() => pool.run({ kernel: "copy", parts: Number.NaN, integers }), /NaN parts/)
    assert.throws(() => pool.run({ kernel: "copy", parts: 65_536, integers }), /65536 parts/)
  })
})
