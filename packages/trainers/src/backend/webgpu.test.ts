import { spawnSync } from "node:child_process"
import { assert, describe, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { Effect, Result } from "effect"
import { deviceProblem } from "./device-problem.ts"
import { loadBackend } from "./load-backend.ts"
import type { Device } from "./webgpu-api.ts"
import { boundIdleMemory, guardMemory, guardReads, watchDevice } from "./webgpu-guard.ts"

const load = loadBackend({ prefer: "webgpu", allowSoftwareGpu: true })
const found = await Effect.runPromise(Effect.result(load))
const reason = Result.isFailure(found) ? found.failure.message : "it loads here"

const mebibyte = 1_048_576

/** A device whose failures the test decides, and a backend on it that stores nothing. */
const madeUp = (upload: () => void = () => {}) => {
  let lose: (info: { reason: string; message: string }) => void = () => {}
  const device: Device = {
    limits: {},
    onuncapturederror: null,
    lost: new Promise((resolve) => {
      lose = resolve
    }),
    destroy: () => {}
  }
  class Backend extends tf.KernelBackend {
    readonly bufferManager = {
      freeBuffers: new Map([
        ["512_1", [buffer(512 * mebibyte)]],
        ["128_1", [buffer(128 * mebibyte)]]
      ]),
      numFreeBuffers: 2,
      numBytesUsed: 100 * mebibyte,
      numBytesAllocated: 740 * mebibyte,
      acquireBuffer: (size: number) => buffer(size)
    }
    readonly tensorMap = { get: () => ({ shape: [1_024, 1_024], dtype: "float32" }) }
    uploadToGPU = upload
    override read = () => Promise.resolve(new Float32Array([1]))
    override readSync = () => new Float32Array([1])
  }
  const destroyed: Array<number> = []
  function buffer(size: number) {
    return { size, destroy: () => void destroyed.push(size) }
  }
  const backend = new Backend()
  const watch = watchDevice(device)
  return { device, backend, watch, destroyed, lose }
}

const failure = async (run: () => Promise<unknown>): Promise<unknown> => {
  try {
    await run()
  } catch (cause) {
    return cause
  }
  return undefined
}

describe("the WebGPU backend's guards", () => {
  it("fail reads after an error that no call saw, and say that memory ran out", async () => {
    const { device, backend, watch } = madeUp()
    guardReads(backend, watch)
    assert.deepStrictEqual(await backend.read(), new Float32Array([1]))
    class GPUOutOfMemoryError extends Error {}
    device.onuncapturederror?.({ error: new GPUOutOfMemoryError("vkAllocateMemory failed") })
    const error = await failure(() => backend.read())
    assert.match(String(error), /no value since can be trusted: GPUOutOfMemoryError: vkAllocateMemory failed/)
    assert.strictEqual(deviceProblem(error), "out-of-memory")
    assert.throws(() => backend.readSync(), /can be trusted/)
  })

  it("fail operations at once when their memory could not be had, with the device's own words", () => {
    const { device, backend, watch } = madeUp(() => {
      device.onuncapturederror?.({ error: { message: "too much" } })
      throw new TypeError("getMappedRange failed")
    })
    guardMemory(backend, watch, Number.POSITIVE_INFINITY)
    assert.throws(() => backend.uploadToGPU(), /too much/)
  })

  it("tell a lost device from the read that failed for it", async () => {
    const { backend, watch, lose } = madeUp()
    backend.read = () => Promise.reject(new Error("AbortError"))
    guardReads(backend, watch)
    lose({ reason: "unknown", message: "hung" })
    const error = await failure(() => backend.read())
    assert.match(String(error), /the device was lost \(unknown\): hung/)
    assert.strictEqual(deviceProblem(error), "device-lost")
  })

  it("free idle memory before new memory is asked for, down to 256 MiB or what is in use", () => {
    const { backend, destroyed } = madeUp()
    boundIdleMemory(backend)
    // 640 MiB lie idle, 100 are in use: 64 more fit once the 512 are gone.
    backend.bufferManager.acquireBuffer(64 * mebibyte)
    assert.deepStrictEqual(destroyed, [512 * mebibyte])
    assert.strictEqual(backend.bufferManager.numBytesAllocated, 228 * mebibyte)
    assert.strictEqual(backend.bufferManager.numFreeBuffers, 1)
  })
})

const hasDevice = (backend: object): backend is { readonly device: Device } => "device" in backend

const deviceOf = (backend: object): Device => {
  if (hasDevice(backend)) return backend.device
  throw new Error("the backend shows no device")
}

describe.skipIf(Result.isFailure(found))(`the WebGPU backend (${reason})`, () => {
  it.effect("computes, and is kept when it is asked for again", () =>
    Effect.gen(function* () {
      const first = yield* load
      const kept = tf.tensor1d([1, 2])
      const again = yield* load
      assert.deepStrictEqual(again, first)
      assert.deepStrictEqual(Array.from(yield* Effect.promise(() => kept.square().data())), [1, 4])
      kept.dispose()
    })
  )

  it.effect("refuses a tensor that no operation could see whole, and goes on", () =>
    Effect.gen(function* () {
      const { largestTensorBytes } = yield* load
      const rows = Math.floor(largestTensorBytes / 4 / 1_024) + 1
      const error = yield* Effect.flip(
        Effect.try({
          try: () => tf.tidy(() => tf.tile(tf.ones([1, 1_024]), [rows, 1])),
          catch: (cause) => cause
        })
      )
      assert.include(String(error), `cannot take a float32 tensor of shape [${rows},1024]`)
      assert.deepStrictEqual(Array.from(yield* Effect.promise(() => tf.ones([2]).add(1).data())), [2, 2])
    })
  )

  it.effect("keeps no more idle memory than 256 MiB, whatever the sizes of tensors", () =>
    Effect.gen(function* () {
      yield* load
      for (let size = 1; size <= 16; size++) {
        const [filled, last] = [tf.fill([size, mebibyte], size), [size - 1, mebibyte - 1]]
        const end = tf.slice(filled, last, [1, 1])
        assert.deepStrictEqual(Array.from(yield* Effect.promise(() => end.data())), [size])
        tf.dispose([filled, end])
      }
      const memory: object = tf.memory()
      assert.isAtMost(Number(Reflect.get(memory, "numBytesAllocatedInGPU")), 352 * mebibyte)
    })
  )

  it.effect("fails what reads from a lost device, and gets a new one when it is asked for", () =>
    Effect.gen(function* () {
      yield* load
      const sum = tf.add(tf.ones([2]), 1)
      deviceOf(tf.backend()).destroy()
      const error = yield* Effect.promise(() => failure(() => sum.data()))
      assert.strictEqual(deviceProblem(error), "device-lost")
      yield* load
      assert.deepStrictEqual(Array.from(yield* Effect.promise(() => tf.add(tf.ones([2]), 1).data())), [2, 2])
    })
  )

  it("does not keep a process that is done", () => {
    const script = `
      import { Effect } from "effect"
      import { loadBackend } from ${JSON.stringify(new URL("./load-backend.ts", import.meta.url).href)}
      const { tf } = await Effect.runPromise(loadBackend({ prefer: "webgpu", allowSoftwareGpu: true }))
      console.log(Array.from(await tf.add(tf.ones([2]), 1).data()).join())`
    const { status, stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: import.meta.dirname,
      encoding: "utf8",
      timeout: 30_000
    })
    assert.deepStrictEqual([status, stdout], [0, "2,2\n"])
  })
})
