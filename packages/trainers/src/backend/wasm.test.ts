import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { loadBackend } from "./load-backend.ts"

describe("loadBackend", () => {
  it.effect("loads wasm by default", () =>
    Effect.gen(function* () {
      const backend = yield* loadBackend()
      assert.strictEqual(backend.name, "wasm")
      assert.strictEqual(backend.tf.getBackend(), "wasm")
      assert.match(backend.detail, /SIMD/)
      assert.deepStrictEqual(backend.why, [])
    })
  )

  it.effect("names what is missing when one backend is demanded", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(loadBackend({ prefer: "webgpu" }))
      assert.match(error.message, /webgpu/)
      assert.match(error.hint, /Install webgpu/)
    })
  )
})
