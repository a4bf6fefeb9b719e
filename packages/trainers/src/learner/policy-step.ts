import * as tf from "@tensorflow/tfjs"
import { type RandomKey, split } from "@tracer-sdk/core"
import { withDropout } from "../adapter/index.ts"
import type { Adapter, Decoder } from "../decoder/index.ts"
import {
  addStatistics,
  type ClipStatistics,
  clipStatistics,
  noStatistics,
  policyLoss
} from "../gspo/index.ts"
import { type Adam, type StepOutcome, valueAndGradients } from "../optimizer/index.ts"
import { packBatch, type ScoredBatch, sharedRows, tokenBatches } from "./batching.ts"
import type { GspoOptions } from "./options.ts"
import type { TrainingSequence } from "./rollout.ts"
import { scoreBatch } from "./score-batch.ts"
import { type BatchSize, batchSize, PassFailure } from "./step-failure.ts"

/** One optimizer step, with the ratios and clipping before it. */
export interface PolicyStep extends StepOutcome {
  readonly statistics: ClipStatistics
}

type Gradients = Readonly<Record<string, tf.Tensor>>

const addGradients = (sum: Gradients | undefined, next: Gradients): Gradients => {
  if (sum === undefined) return next
  const total: Record<string, tf.Tensor> = {}
  for (const [name, gradient] of Object.entries(next)) {
    const before = sum[name]
    if (before === undefined) continue
    total[name] = tf.add(before, gradient)
    tf.dispose([before, gradient])
  }
  return total
}

const cells = ({ rows, tokens }: BatchSize): number => rows * tokens

/** The loss of one batch with its gradients, and the log-probabilities that it was computed from; all the caller's. */
const score = (decoder: Decoder, adapter: Adapter, batch: ScoredBatch, options: GspoOptions) => {
  const reference = options.kl > 0 ? tf.tidy(() => scoreBatch(decoder, undefined, batch)) : undefined
  // Kept tensors outlive the scope that an error ends.
  const kept: Array<tf.Tensor> = []
  try {
    const result = valueAndGradients(() => {
      const scores = tf.keep(scoreBatch(decoder, adapter, batch, options))
      kept.push(scores)
      return policyLoss(scores, batch.loss, options, reference)
    }, adapter.variables)
    const scores = kept.pop()
    if (scores === undefined) throw new Error("The loss was not evaluated.")
    return { ...result, scores }
  } finally {
    tf.dispose([kept, reference])
  }
}

/**
 * Takes one optimizer step along the policy loss of a mini-batch, in as many passes as `maxTokensPerStep` asks for. Only the
 * adapter changes. The groups have at least one sequence in all; `key` names the draws of dropout. Throws a `PassFailure` where the
 * backend fails.
 */
export const policyStep = async (
  decoder: Decoder,
  adapter: Adapter,
  adam: Adam,
  groups: ReadonlyArray<ReadonlyArray<TrainingSequence>>,
  options: GspoOptions,
  key: RandomKey
): Promise<PolicyStep> => {
  let gradients: Gradients | undefined
  const losses: Array<tf.Scalar> = []
  const scored: Array<{ readonly batch: ScoredBatch; readonly scores: tf.Tensor }> = []
  let size: BatchSize | undefined
  let largest: BatchSize | undefined
  try {
    const sequences = groups.reduce((sum, group) => sum + group.length, 0)
    const rows = groups.flatMap((group) =>
      sharedRows(group, decoder.config.hiddenSize, options.maxTokensPerStep)
    )
    for (const [pass, part] of tokenBatches(rows, options.maxTokensPerStep).entries()) {
      const batch = packBatch(part, sequences)
      size = batchSize(batch)
      if (largest === undefined || cells(size) > cells(largest)) largest = size
      const {
        value,
        gradients: next,
        scores
      } = score(decoder, withDropout(adapter, split(key, pass)), batch, options)
      losses.push(value)
      scored.push({ batch, scores })
      gradients = addGradients(gradients, next)
      // Signals and timers get their turn between passes.
      await new Promise(setImmediate)
    }
    // A device that works behind tells of a pass that failed when something is read: the largest is the likeliest.
    size = largest
    const loss = tf.tidy(() => tf.sum<tf.Scalar>(tf.stack(losses)))
    losses.push(loss)
    const outcome = await adam.step(gradients ?? {}, loss)
    let statistics = noStatistics
    for (const { batch, scores } of scored) {
      const values = Float32Array.from(await scores.data())
      statistics = addStatistics(statistics, clipStatistics(values, batch.loss, options))
    }
    return { ...outcome, statistics }
  } catch (cause) {
    throw size === undefined ? cause : new PassFailure(size, cause)
  } finally {
    tf.dispose([losses, scored.map(({ scores }) => scores), Object.values(gradients ?? {})])
  }
}
