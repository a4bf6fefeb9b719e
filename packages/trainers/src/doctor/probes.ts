import { Effect } from "effect"
import { type BackendName, loadBackend } from "../backend/index.ts"
import { wasmMemoryLimit } from "../backend/wasm-memory-guard.ts"
import type { ProbeMessage, Speed } from "./report.ts"
import { makeTrial } from "./trial.ts"
import { usableMemory } from "./usable-memory.ts"

const config = {
  modelType: "llama",
  vocabularySize: 512,
  hiddenSize: 128,
  intermediateSize: 344,
  layers: 2,
  heads: 4,
  keyValueHeads: 4,
  headSize: 32,
  maximumPositions: 256,
  rope: { theta: 10_000 },
  rmsNormEpsilon: 1e-5,
  tiedEmbeddings: true,
  biases: [],
  queryKeyNorm: false,
  fusedProjections: false,
  endTokens: []
} as const

const size = { groups: 1, samples: 4, prompt: 32, completion: 16 }

/** How long runs are repeated, in milliseconds, and how often at most. */
const patience = { milliseconds: 1_000, runs: 20 }

const mebibytes = (bytes: number): string => `${Math.floor(bytes / 1_048_576).toLocaleString("en")} MiB`

/** Tells the process that started this one. */
type Tell = (message: ProbeMessage) => Promise<void>

/** Runs once for the first time, then again until the patience is over. */
async function timed(run: () => Promise<unknown>, tokens: number): Promise<Speed> {
  const once = async () => {
    const start = performance.now()
    await run()
    return performance.now() - start
  }
  const firstMilliseconds = await once()
  const times = [await once()]
  const total = () => times.reduce((sum, time) => sum + time, 0)
  while (total() < patience.milliseconds && times.length < patience.runs) times.push(await once())
  const milliseconds = times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN
  return { firstMilliseconds, milliseconds, tokensPerSecond: (1000 * tokens) / milliseconds }
}

/** Loads a backend and times training steps of a small decoder on it. */
export async function probeBackend(name: BackendName, tell: Tell): Promise<void> {
  const { detail, largestTensorBytes } = await Effect.runPromise(loadBackend({ prefer: name }))
  await tell({ type: "loaded" })
  const trial = makeTrial(config, size)
  const speed = await timed(async () => {
    const { applied } = await trial.step()
    if (!applied) throw new Error("a training step gave numbers that are not finite")
  }, trial.tokens)
  const processors = `the machine's ${mebibytes(usableMemory())}`
  const memory = {
    tensorflow: detail.endsWith("GPU") ? "the GPU's" : processors,
    webgpu: `the GPU's; no tensor above ${mebibytes(largestTensorBytes)}`,
    wasm: `${mebibytes(wasmMemoryLimit)} for all tensors`,
    cpu: processors
  }
  await tell({ type: "done", detail, memory: memory[name], speed })
}

/** Times the sampler on the same decoder. */
export async function probeSampler(tell: Tell): Promise<void> {
  const { makeSampler } = await import("../sampler/index.ts")
  await Effect.runPromise(loadBackend({ prefer: "cpu" }))
  const detail =
    "WebAssembly kernels on the processor, whichever backend trains; 1 thread, more for larger models"
  const { decoder } = makeTrial(config, size)
  const sampler = await Effect.runPromise(makeSampler(decoder))
  await tell({ type: "loaded" })
  let seed = 0
  const draw = () => {
    seed += 1
    const prompt = Array.from({ length: 32 }, (_, i) => (7 * i + seed) % config.vocabularySize)
    const request = { prompt, samples: 8, seed, temperature: 1, maxTokens: 32, adapter: undefined }
    return Effect.runPromise(sampler.sample(request))
  }
  const speed = await timed(draw, 8 * 32)
  await tell({ type: "done", detail, memory: "4,096 MiB for weights, keys and values", speed })
}
