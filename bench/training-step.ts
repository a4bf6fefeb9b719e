import * as tf from "@tensorflow/tfjs"
import { seedKey } from "@tracer-sdk/core"
import {
  type BackendName,
  createAdapter,
  type DecoderConfig,
  defaultAdapterConfig,
  type LossBatch,
  loadBackend,
  logProbabilities,
  makeAdam,
  makeDecoder,
  policyLoss,
  type TokenBatch,
  valueAndGradients,
  weightShapes
} from "@tracer-sdk/trainers"
import { Effect } from "effect"

/** A training step to be measured. */
export interface TrainingStepOptions {
  readonly backend: BackendName
  /** Threads of the backend. */
  readonly threads: number
  readonly model: DecoderConfig
  /** Sequences of a step, and tokens of each. */
  readonly batch: number
  readonly time: number
  readonly checkpointing: boolean
  /** As many forward and backward passes make a step, each over its share of the sequences. */
  readonly passes: number
}

/** Rows of a matrix until they repeat; divides every number of rows here. */
const period = 16

/** Frozen weights, of random rows that repeat: made without other memory than their own. */
function makeWeights(config: DecoderConfig): Record<string, tf.Tensor> {
  const weights: Record<string, tf.Tensor> = {}
  for (const [name, [rows = 0, width]] of weightShapes(config)) {
    weights[name] =
      width === undefined
        ? name.endsWith("bias")
          ? tf.zeros([rows])
          : tf.ones([rows])
        : tf.tidy(() =>
            tf.tile(tf.randomNormal([period, width], 0, 0.02, "float32", rows + width), [rows / period, 1])
          )
  }
  return weights
}

/** Makes the step of a policy with LoRA 8 on every linear module: forward, GSPO's loss over all positions, backward, Adam. */
export async function makeTrainingStep(options: TrainingStepOptions) {
  const { model: config, batch, time, passes, checkpointing } = options
  const backend = await Effect.runPromise(loadBackend({ prefer: options.backend, threads: options.threads }))
  const decoder = makeDecoder(config, makeWeights(config))
  const adapter = createAdapter("bench", decoder, defaultAdapterConfig(config), seedKey(2))
  const adam = makeAdam(adapter.variables, { learningRate: 1e-3, maxGradientNorm: 0.5 })

  const rows = batch / passes
  const size = rows * time
  const drawn = (salt: number) =>
    Int32Array.from({ length: size }, (_, i) => (i * 7919 + salt) % config.vocabularySize)
  const mask = new Float32Array(size).fill(1)
  const tokens: TokenBatch = { batch: rows, time, ids: drawn(1), targets: drawn(2), mask }
  const loss: LossBatch = {
    batch: rows,
    time,
    mask,
    old: new Float32Array(size).fill(-Math.log(config.vocabularySize)),
    advantages: Float32Array.from({ length: rows }, (_, row) => (row % 2 === 0 ? 1 : -1)),
    weights: new Float32Array(rows).fill(1),
    sequences: batch
  }
  // Wide enough that nothing is clipped and every gradient is there.
  const lossOptions = { variant: "gspo", epsilonLow: 1, epsilonHigh: 1e6, kl: 0 } as const
  const scoring = { temperature: 1, checkpointing }
  const pass = () =>
    valueAndGradients(
      () => policyLoss(logProbabilities(decoder, adapter, tokens, scoring), loss, lossOptions),
      adapter.variables
    )

  const step = async (): Promise<void> => {
    let { value, gradients } = pass()
    for (let again = 1; again < passes; again++) {
      const next = pass()
      const sum: Record<string, tf.Tensor> = {}
      for (const [name, gradient] of Object.entries(next.gradients)) {
        sum[name] = tf.add(gradient, gradients[name] ?? 0)
      }
      tf.dispose([next.value, Object.values(next.gradients), Object.values(gradients)])
      gradients = sum
    }
    await adam.step(gradients, value)
    tf.dispose([value, Object.values(gradients)])
  }
  return { detail: backend.detail, step }
}
