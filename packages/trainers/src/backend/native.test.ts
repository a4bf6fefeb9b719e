import { spawnSync } from "node:child_process"
import { createRequire } from "node:module"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { loadBackend } from "./load-backend.ts"

const installed = ((): boolean => {
  try {
    createRequire(import.meta.url).resolve("@tensorflow/tfjs-node")
    return true
  } catch {
    return false
  }
})()

describe("the native backend", () => {
  it.effect.skipIf(!installed)(
    "trains (skipped where the optional peer @tensorflow/tfjs-node is not installed)",
    () =>
      Effect.gen(function* () {
        const { name, detail, tf, why } = yield* loadBackend({ prefer: "auto" })
        assert.strictEqual(name, "tensorflow")
        assert.match(detail, /TensorFlow \d+\.\d+/)
        assert.deepStrictEqual(why, [])
        const gradient = tf.grad((x) => tf.matMul(x.as2D(1, 2), tf.tensor2d([1, 2, 3, 4], [2, 2])).sum())
        assert.deepStrictEqual(Array.from(gradient(tf.tensor1d([1, 1])).dataSync()), [3, 7])
      })
  )

  it.effect.skipIf(installed)("says what to install where it is missing, and auto goes on to the next", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(loadBackend({ prefer: "tensorflow" }))
      assert.match(
        error.message,
        /neither @tensorflow\/tfjs-node-gpu nor @tensorflow\/tfjs-node is installed/
      )
      assert.match(error.hint, /Install @tensorflow\/tfjs-node/)
      const backend = yield* loadBackend({ prefer: "auto" })
      assert.deepStrictEqual(backend.why[0]?.name, "tensorflow")
    })
  )

  it("prints nothing, whichever backend is loaded", () => {
    const script = `
      import { Effect } from "effect"
      import { loadBackend } from ${JSON.stringify(new URL("./load-backend.ts", import.meta.url).href)}
      for (const prefer of ["auto", "wasm", "cpu"]) {
        const { tf } = await Effect.runPromise(loadBackend({ prefer }))
        tf.concat([tf.tensor1d([1, 2]), tf.ones([2])]).sum().dataSync()
      }`
    const run = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: fileURLToPath(new URL(".", import.meta.url)),
      encoding: "utf8"
    })
    // A TensorFlow that logs through Abseil, newer than the one that tfjs-node downloads, cannot be kept from two lines, nor Dawn
    // from those on a driver's limits.
    const told = run.stderr
      .split("\n")
      .filter((line) => !/absl::InitializeLog|oneDNN custom operations|artificially reduced/.test(line))
    assert.deepStrictEqual([run.status, run.stdout, told.join("\n")], [0, "", ""])
  })
})
