/** Loading a random Qwen2 of 61 M parameters from bfloat16 files: time, and peak memory in multiples of the weights held. */
import { execFile } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { type DecoderConfig, saveWeights, weightShapes } from "@tracer-sdk/trainers"
import { Effect, Schema } from "effect"
import { LoadingCost } from "./loading-cost.ts"
import { qwen2 } from "./shapes.ts"

const config: DecoderConfig = {
  ...qwen2,
  vocabularySize: 24_000,
  hiddenSize: 768,
  intermediateSize: 2048,
  layers: 6,
  heads: 12,
  keyValueHeads: 12,
  maximumPositions: 1024
}

const shapes = weightShapes(config)
const valuesOf = async (name: string) => {
  const size = (shapes.get(name) ?? []).reduce((product, extent) => product * extent, 1)
  return Float32Array.from({ length: size }, (_, i) => Math.sin(i))
}

const readCost = Schema.decodeUnknownSync(Schema.fromJsonString(LoadingCost))
const run = promisify(execFile)
const lastLine = (text: string) => text.trim().split("\n").at(-1) ?? ""
const mebibytes = (bytes: number) => `${(bytes / 1_048_576).toFixed(0)} MiB`

/** One line of the table. */
const measure = async (backend: string, directory: string): Promise<string> => {
  const script = join(import.meta.dirname, "load-decoder.ts")
  try {
    const { stdout } = await run(process.execPath, [script, backend, directory])
    const { milliseconds, weightBytes, peakBytes } = readCost(lastLine(stdout))
    const ratio = (peakBytes / weightBytes).toFixed(2)
    return `${mebibytes(weightBytes)} of weights in ${milliseconds.toFixed(0)} ms, peak ${mebibytes(peakBytes)}, ${ratio} x`
  } catch (cause) {
    return `failed: ${cause instanceof Error ? (/Error: .*/.exec(cause.message)?.[0] ?? cause.message) : String(cause)}`
  }
}

const directory = await mkdtemp(join(tmpdir(), "loading-"))
try {
  const files = { type: "bfloat16", maximumFileBytes: 50_000_000 } as const
  await Effect.runPromise(saveWeights(config, valuesOf, directory, files))
  for (const backend of ["cpu", "wasm", "tensorflow", "webgpu"]) {
    console.log(`${backend.padEnd(12)} ${await measure(backend, directory)}`)
  }
} finally {
  await rm(directory, { recursive: true })
}
