import { expect, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { Effect } from "effect"
import { loadBackend } from "../backend/index.ts"
import { upload, whenUploaded } from "./upload.ts"

for (const backend of ["wasm", "tensorflow", "webgpu"] as const) {
  it.effect(`no copy of a weight stays on the host, on ${backend}`, (test) =>
    Effect.gen(function* () {
      const loaded = yield* Effect.result(loadBackend({ prefer: backend, allowSoftwareGpu: true }))
      if (loaded._tag === "Failure" && backend !== "wasm") return test.skip(loaded.failure.message)
      const before = tf.memory().numTensors
      const values = Float32Array.from({ length: 6_000 }, (_, i) => Math.sin(i))
      const copy = values.slice()
      const tensor = upload(values, [60, 100])
      expect(values.buffer.detached).toBe(true)
      // What took the array's place must not be seen.
      const other = new Float32Array(6_000).fill(7)
      yield* Effect.promise(() => whenUploaded(tensor))
      expect(yield* Effect.promise(() => tensor.data())).toEqual(copy)
      expect(other[0]).toBe(7)
      expect(tf.memory().numTensors).toBe(before + 1)
      tensor.dispose()
    })
  )
}
