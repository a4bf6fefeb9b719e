/** Loads a decoder on a backend, in a process of its own: `node bench/load-decoder.ts BACKEND DIRECTORY` prints a `LoadingCost`. */
import { backendNames, loadBackend, loadDecoder } from "@tracer-sdk/trainers"
import { Effect, Schema } from "effect"
import { LoadingCost } from "./loading-cost.ts"

const load = Effect.fnUntraced(function* (prefer: (typeof backendNames)[number], directory: string) {
  const { tf } = yield* loadBackend({ prefer, allowSoftwareGpu: true })
  // The first operation starts the backend's threads.
  yield* Effect.promise(() => tf.mul(tf.ones([1000]), 2).data())
  const before = process.memoryUsage().rss
  const start = performance.now()
  const decoder = yield* loadDecoder(directory)
  const cost = LoadingCost.make({
    milliseconds: performance.now() - start,
    weightBytes: Object.values(decoder.weights).reduce((sum, { size }) => sum + 4 * size, 0),
    peakBytes: 1024 * process.resourceUsage().maxRSS - before
  })
  decoder.dispose()
  return cost
})

const [, , name, directory = ""] = process.argv
const backend = backendNames.find((known) => known === name)
if (backend === undefined) throw new Error(`Name a backend: ${backendNames.join(", ")}.`)
const cost = await Effect.runPromise(load(backend, directory))
console.log(JSON.stringify(Schema.encodeSync(LoadingCost)(cost)))
process.exit(0)
