import { afterEach, assert, beforeAll, describe, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { BackendWasm } from "@tensorflow/tfjs-backend-wasm"
import { loadWasm } from "./wasm.ts"
import { guardMemory, wasmMemoryLimit } from "./wasm-memory-guard.ts"

beforeAll(async () => {
  await loadWasm()
})

const held: tf.TensorInfo[] = []

function backend(): BackendWasm {
  const current = tf.backend()
  if (current instanceof BackendWasm) return current
  throw new Error("wasm is not the backend")
}

// Memory that is never written costs the machine nothing, so the address space can be filled in a test.
function allocate(mebibytes: number): tf.TensorInfo {
  const tensor = backend().makeOutput([mebibytes, 1_048_576 / 4], "float32")
  held.push(tensor)
  return tensor
}

afterEach(() => {
  for (const { dataId } of held.splice(0)) backend().disposeData(dataId)
})

describe("the memory guard", () => {
  it("fails instead of writing to address 0 when the heap is full", () => {
    const witness = tf.fill([1_000], 7)
    assert.throws(() => {
      for (let block = 0; block < 9; block++) allocate(512)
    }, /no memory for a float32 tensor of shape \[512,262144\] \(512 MiB\)/)
    assert.isAtMost(held.length * 512, wasmMemoryLimit / 1_048_576)
    assert.deepStrictEqual(new Set(witness.dataSync()), new Set([7]))
  })

  it("lets work go on once memory is free again", () => {
    assert.strictEqual(tf.ones([1_000, 1_000]).sum().dataSync()[0], 1_000_000)
  })

  it("copies the values of every type", () => {
    assert.deepStrictEqual(Array.from(tf.tensor1d([1.5, -2]).dataSync()), [1.5, -2])
    assert.deepStrictEqual(Array.from(tf.tensor1d([7, -2], "int32").dataSync()), [7, -2])
    assert.deepStrictEqual(Array.from(tf.tensor1d([true, false], "bool").dataSync()), [1, 0])
    assert.strictEqual(tf.tensor1d(["a", "b"]).toString(), "Tensor\n    ['a', 'b']")
  })

  it("is put on once", () => {
    const before = backend().move
    guardMemory(backend())
    assert.strictEqual(backend().move, before)
  })
})
