import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { BackendName, Tf } from "./backend.ts"
import { deviceProblem } from "./device-problem.ts"
import { loadBackend } from "./load-backend.ts"

/** 256 TiB, more than a process can address. */
const tooMuch = (tf: Tf) => tf.tidy(() => tf.tile(tf.ones([1, 2 ** 20]), [2 ** 26, 1]))

const failureOn = Effect.fnUntraced(function* (prefer: BackendName) {
  const { tf } = yield* loadBackend({ prefer })
  return yield* Effect.flip(Effect.try({ try: () => tooMuch(tf), catch: (cause) => cause }))
})

describe("deviceProblem", () => {
  it.effect.each<BackendName>(["wasm", "cpu"])("knows memory that really ran out on %s", (name) =>
    Effect.map(failureOn(name), (error) => assert.strictEqual(deviceProblem(error), "out-of-memory"))
  )

  it.each([
    // What tfjs-node says, after TensorFlow has waited ten seconds for memory to come free.
    "Invalid TF_Status: 8\nMessage: OOM when allocating tensor with shape[67108864,1048576] and type float on /job:localhost/replica:0/task:0/device:CPU:0 by allocator mklcpu",
    "CUDA_ERROR_OUT_OF_MEMORY: out of memory",
    "RESOURCE_EXHAUSTED: Out of memory while trying to allocate 544997376 bytes.",
    "Failed copying input tensor from CPU:0 to GPU:0 in order to run MatMul: Dst tensor is not initialized.",
    "CUBLAS_STATUS_ALLOC_FAILED",
    "std::bad_alloc",
    "WebGPU cannot take a float32 tensor of shape [16,14,4096,4096] (14336 MiB): this device binds at most 4096 MiB.",
    "WebGPU failed, so no value since can be trusted: GPUOutOfMemoryError: vkAllocateMemory failed"
  ])("calls %j memory that ran out", (message) => {
    assert.strictEqual(deviceProblem(new Error(message)), "out-of-memory")
  })

  it.each([
    "WebGPU failed, so no value since can be trusted: the device was lost (unknown): hung",
    "vkQueueSubmit failed with VK_ERROR_DEVICE_LOST",
    "CUDA_ERROR_ILLEGAL_ADDRESS: an illegal memory access was encountered",
    "CUDNN_STATUS_EXECUTION_FAILED",
    "GPU sync failed"
  ])("calls %j a lost device", (message) => {
    assert.strictEqual(deviceProblem(new Error(message)), "device-lost")
  })

  it("looks at what an error was caused by", () => {
    const inner = new Error("OOM when allocating tensor with shape[16,2048,49152]")
    assert.strictEqual(deviceProblem(new Error("the step failed", { cause: inner })), "out-of-memory")
    assert.strictEqual(deviceProblem({ message: "no", cause: "bad_alloc" }), "out-of-memory")
  })

  it("leaves other errors, and errors that are their own cause, alone", () => {
    const circular: Error & { cause?: unknown } = new Error("The loss does not depend on room.")
    circular.cause = circular
    assert.isUndefined(deviceProblem(circular))
    assert.isUndefined(deviceProblem(new Error("Error in matMul: inner shapes (3) and (4) must match")))
    assert.isUndefined(deviceProblem(undefined))
  })
})
