/**
 * The child process of `trainers.ts`: builds the decoder on one backend, then takes as many steps as each line of its standard
 * input says and answers with their milliseconds as JSON.
 */
import { createInterface } from "node:readline"
import * as tf from "@tensorflow/tfjs"
import { seedKey } from "@tracer-sdk/core"
import {
  type BackendName,
  backendNames,
  createAdapter,
  createDecoder,
  type DecoderConfig,
  defaultAdapterConfig,
  type LossBatch,
  loadBackend,
  logProbabilities,
  makeAdam,
  makeDecoder,
  policyLoss,
  type TokenBatch,
  valueAndGradients
} from "@tracer-sdk/trainers"
import { Effect } from "effect"
import { batch, model, time } from "./train-step-shape.ts"

const asked = process.argv[2]
const name: BackendName | undefined = backendNames.find((known) => known === asked)
if (name === undefined)
  throw new Error(`There is no backend "${asked}"; known here: ${backendNames.join(", ")}.`)

const config: DecoderConfig = model
const size = batch * time

/** The decoder as if loaded from a file: its weights are frozen. */
function frozenDecoder() {
  const trainable = createDecoder(config, 1)
  const weights = Object.fromEntries(
    Object.entries(trainable.weights).map(([weight, tensor]) => [weight, tf.clone(tensor)])
  )
  trainable.dispose()
  return makeDecoder(config, weights)
}

const backend = await Effect.runPromise(loadBackend({ prefer: name }))
const decoder = frozenDecoder()
const adapter = createAdapter("bench", decoder, defaultAdapterConfig(config), seedKey(2))
const adam = makeAdam(adapter.variables, { learningRate: 1e-3, maxGradientNorm: 0.5 })

const drawn = (salt: number) =>
  Int32Array.from({ length: size }, (_, i) => (i * 7919 + salt) % config.vocabularySize)
const tokens: TokenBatch = {
  batch,
  time,
  ids: drawn(1),
  targets: drawn(2),
  mask: new Float32Array(size).fill(1)
}
const loss: LossBatch = {
  batch,
  time,
  mask: tokens.mask,
  old: new Float32Array(size).fill(-Math.log(config.vocabularySize)),
  advantages: Float32Array.from({ length: batch }, (_, row) => (row % 2 === 0 ? 1 : -1)),
  weights: new Float32Array(batch).fill(1),
  sequences: batch
}
const options = { variant: "gspo", epsilonLow: 1, epsilonHigh: 1e6, kl: 0 } as const

async function step(): Promise<void> {
  const { value, gradients } = valueAndGradients(
    () => policyLoss(logProbabilities(decoder, adapter, tokens, { temperature: 1 }), loss, options),
    adapter.variables
  )
  await adam.step(gradients, value)
  tf.dispose([value, Object.values(gradients)])
}

console.log(JSON.stringify({ ready: backend.detail }))
for await (const line of createInterface({ input: process.stdin })) {
  const times: Array<number> = []
  for (let left = Number(line); left > 0; left--) {
    const start = performance.now()
    await step()
    times.push(performance.now() - start)
  }
  console.log(JSON.stringify(times))
}
