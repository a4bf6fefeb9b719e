/**
 * The child process of `sampler.ts`, `node bench/draws.ts REQUESTS PROMPT TOKENS LORA THREADS`: draws so many completions of so many tokens
 * at once, each after its own random prompt, as often as each line of its standard input says, and answers with the milliseconds as
 * JSON. LORA is `lora` for an adapter of rank 8, `plain` for none.
 */
import { createInterface } from "node:readline"
import * as tf from "@tensorflow/tfjs"
import { seedKey, split, uniform } from "@tracer-sdk/core"
import {
  createAdapter,
  createDecoder,
  defaultAdapterConfig,
  helperThreads,
  loadBackend,
  makeSampler
} from "@tracer-sdk/trainers"
import { Effect, Scope } from "effect"
import { small as model } from "./shapes.ts"

const [requests = 1, promptTokens = 1, maxTokens = 1] = process.argv.slice(2, 5).map(Number)
await Effect.runPromise(loadBackend({ prefer: "cpu" }))
const decoder = createDecoder(model, 1)
const adapter =
  process.argv[5] === "lora"
    ? createAdapter("bench", decoder, defaultAdapterConfig(model), seedKey(2))
    : undefined
for (const variable of Object.values(adapter?.variables ?? {})) {
  tf.tidy(() => variable.assign(tf.randomNormal(variable.shape, 0, 0.02)))
}
const threads = Number(process.argv[6])
const sampler = await Effect.runPromise(
  Effect.flatMap(Scope.provide(helperThreads(threads - 1), Scope.makeUnsafe()), (helpers) =>
    makeSampler(decoder, { helpers })
  )
)

let round = 0
async function draw(): Promise<void> {
  const key = split(seedKey(3), "round", round++)
  const asked = Array.from({ length: requests }, (_, request) => {
    const prompt = Array.from({ length: promptTokens }, (_, i) =>
      Math.floor(model.vocabularySize * uniform(key, request * promptTokens + i))
    )
    return sampler.sample({ prompt, samples: 1, seed: request, temperature: 1, maxTokens, adapter })
  })
  await Effect.runPromise(Effect.all(asked, { concurrency: "unbounded" }))
}

console.log(JSON.stringify({ ready: `WebAssembly, ${threads} thread${threads === 1 ? "" : "s"}` }))
for await (const line of createInterface({ input: process.stdin })) {
  const times: Array<number> = []
  for (let left = Number(line); left > 0; left--) {
    const start = performance.now()
    await draw()
    times.push(performance.now() - start)
  }
  console.log(JSON.stringify(times))
}
