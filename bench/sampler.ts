/** Sampling speed of a nano-sized decoder: completion tokens per second of one thread. */
import { createDecoder, loadBackend, makeSampler } from "@tracer-sdk/trainers"
import { Effect } from "effect"

const config = {
  modelType: "llama" as const,
  vocabularySize: 512,
  hiddenSize: 128,
  intermediateSize: 344,
  layers: 4,
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
}

const measure = Effect.fnUntraced(function* (requests: number, samples: number, promptTokens: number) {
  const sampler = yield* makeSampler(createDecoder(config, 1))
  const draw = (seed: number) =>
    sampler.sample({
      prompt: Array.from({ length: promptTokens }, (_, i) => (7 * i + seed) % 512),
      ...{ samples, seed, temperature: 1, maxTokens: 32, adapter: undefined }
    })
  const round = Effect.forEach(
    Array.from({ length: requests }, (_, i) => i),
    draw,
    { concurrency: "unbounded" }
  )
  yield* round
  const before = process.cpuUsage()
  const start = performance.now()
  yield* round
  const seconds = (performance.now() - start) / 1000
  const busy = process.cpuUsage(before).user / 1e6
  const tokens = requests * samples * 32
  process.stdout.write(
    `${requests} requests of ${promptTokens} prompt tokens x ${samples} samples of 32 tokens: ` +
      `${Math.round(tokens / seconds)} tokens/s of wall time, ${Math.round(tokens / busy)} of processor time\n`
  )
})

await Effect.runPromise(
  Effect.gen(function* () {
    yield* loadBackend({ prefer: "cpu" })
    yield* measure(32, 1, 1)
    yield* measure(32, 4, 1)
    yield* measure(16, 4, 80)
    yield* measure(32, 1, 80)
  })
)
