import { createRequire } from "node:module"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { loadBackend } from "./load-backend.ts"

const dawnInstalled = ((): boolean => {
  try {
    createRequire(import.meta.url).resolve("webgpu")
    return true
  } catch {
    return false
  }
})()

describe("loadBackend", () => {
  it.effect("finishes a load that is interrupted, so that it does not take over from the next", () =>
    Effect.gen(function* () {
      const given = yield* Effect.forkChild(loadBackend({ prefer: "wasm" }), { startImmediately: true })
      yield* Fiber.interrupt(given)
      const { tf } = yield* loadBackend({ prefer: "cpu" })
      yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 500)))
      assert.strictEqual(tf.getBackend(), "cpu")
    })
  )

  it.effect("loads wasm by default", () =>
    Effect.gen(function* () {
      const backend = yield* loadBackend()
      assert.strictEqual(backend.name, "wasm")
      assert.strictEqual(backend.tf.getBackend(), "wasm")
      assert.match(backend.detail, /SIMD/)
      assert.deepStrictEqual(backend.why, [])
    })
  )

  it.effect("can be called again, and changes the backend of the process", () =>
    Effect.gen(function* () {
      yield* loadBackend({ prefer: "wasm" })
      const { tf } = yield* loadBackend({ prefer: "cpu" })
      assert.strictEqual(tf.getBackend(), "cpu")
      yield* loadBackend({ prefer: "wasm" })
      assert.strictEqual(tf.getBackend(), "wasm")
      assert.deepStrictEqual(tf.matMul(tf.ones([1, 2]), tf.ones([2, 1])).arraySync(), [[2]])
    })
  )

  it.effect.skipIf(dawnInstalled)("says what to install where the demanded backend is missing", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(loadBackend({ prefer: "webgpu" }))
      assert.match(error.message, /webgpu \(.+\)/)
      assert.match(error.hint, /Install webgpu/)
    })
  )
})
