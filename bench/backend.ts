import * as tf from "@tensorflow/tfjs"
import { loadBackend } from "@tracer-sdk/trainers"
import { Effect } from "effect"

/** Shape of the model whose training step is timed: a decoder without embeddings. */
const model = { layers: 2, width: 128, heads: 4, inner: 344, vocabulary: 512, batch: 8, time: 64 } as const

const headWidth = model.width / model.heads
const rows = model.batch * model.time

function makeWeights(): tf.Tensor[] {
  const matrix = (height: number, width: number, seed: number) =>
    tf.randomNormal([height, width], 0, 0.05, "float32", seed)
  const layer = (index: number) => [
    ...[0, 1, 2, 3].map((part) => matrix(model.width, model.width, 10 * index + part)),
    matrix(model.width, model.inner, 10 * index + 4),
    matrix(model.inner, model.width, 10 * index + 5)
  ]
  const layers = Array.from({ length: model.layers }, (_, index) => layer(index)).flat()
  return [...layers, matrix(model.width, model.vocabulary, 99)]
}

function split(x: tf.Tensor): tf.Tensor {
  return x.reshape([model.batch, model.time, model.heads, headWidth]).transpose([0, 2, 1, 3])
}

function loss(input: tf.Tensor, weights: ReadonlyArray<tf.Tensor>): tf.Scalar {
  const weight = (index: number): tf.Tensor => weights[index] ?? tf.zeros([0, 0])
  let x = input
  for (let layer = 0; layer < model.layers; layer++) {
    const [query, key, value] = [0, 1, 2].map((part) => split(tf.matMul(x, weight(6 * layer + part))))
    if (query === undefined || key === undefined || value === undefined) throw new Error("three projections")
    const scores = tf.softmax(tf.matMul(query, key, false, true).div(Math.sqrt(headWidth)))
    const mixed = tf.matMul(scores, value).transpose([0, 2, 1, 3]).reshape([rows, model.width])
    x = x.add(tf.matMul(mixed, weight(6 * layer + 3)))
    x = x.add(tf.matMul(tf.relu(tf.matMul(x, weight(6 * layer + 4))), weight(6 * layer + 5)))
  }
  return tf
    .logSoftmax(tf.matMul(x, weight(6 * model.layers)))
    .mean()
    .neg()
    .asScalar()
}

/** Median milliseconds of a forward and backward pass. */
function timeStep(steps: number): number {
  const weights = makeWeights()
  const input = tf.randomNormal([rows, model.width], 0, 1, "float32", 7)
  const gradients = tf.valueAndGrads((...trained: tf.Tensor[]) => loss(input, trained))
  const times: number[] = []
  for (let step = 0; step <= steps; step++) {
    const start = performance.now()
    tf.tidy(() => {
      const { value, grads } = gradients(weights)
      value.dataSync()
      for (const gradient of grads) gradient.dataSync()
    })
    if (step > 0) times.push(performance.now() - start)
  }
  tf.dispose([input, ...weights])
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN
}

await tf.setBackend("wasm")
const stock = timeStep(3)
const report = (name: string, milliseconds: number): void =>
  console.log(
    `${name.padEnd(56)} ${milliseconds.toFixed(0).padStart(6)} ms  ${(stock / milliseconds).toFixed(1)} x`
  )

console.log(`training step: ${JSON.stringify(model)}`)
report("wasm as published", stock)
const wasm = await Effect.runPromise(loadBackend({ prefer: "wasm" }))
report(`wasm: ${wasm.detail}`, timeStep(10))
const fastest = await Effect.runPromise(loadBackend({ prefer: "auto" }))
if (fastest.name !== "wasm") report(`${fastest.name}: ${fastest.detail}`, timeStep(10))
