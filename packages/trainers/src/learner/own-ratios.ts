import * as tf from "@tensorflow/tfjs"
import type { Adapter, Decoder } from "../decoder/index.ts"
import { truncatedWeights } from "../gspo/index.ts"
import { packBatch, sharedRows, tokenBatches } from "./batching.ts"
import type { TrainingSequence } from "./rollout.ts"
import { scoreBatch } from "./score-batch.ts"
import { batchSize, PassFailure } from "./step-failure.ts"

type Groups = ReadonlyArray<ReadonlyArray<TrainingSequence>>

/** The log-probabilities that the current weights give to each sequence's completion, by sequence. */
const currentLogProbabilities = async (
  decoder: Decoder,
  adapter: Adapter,
  groups: Groups,
  maxTokens: number
): Promise<ReadonlyMap<TrainingSequence, ReadonlyArray<number>>> => {
  const found = new Map<TrainingSequence, ReadonlyArray<number>>()
  const rows = groups.flatMap((group) => sharedRows(group, decoder.config.hiddenSize, maxTokens))
  for (const part of tokenBatches(rows, maxTokens)) {
    const batch = packBatch(part, 1)
    let scores: tf.Tensor | undefined
    try {
      scores = tf.tidy(() => scoreBatch(decoder, adapter, batch))
      const values = await scores.data()
      part.flat().forEach((sequence, row) => {
        const start = row * batch.loss.time
        found.set(sequence, Array.from(values.slice(start, start + sequence.completion.length)))
      })
      // Signals and timers get their turn between passes.
      await new Promise(setImmediate)
    } catch (cause) {
      throw new PassFailure(batchSize(batch), cause)
    } finally {
      scores?.dispose()
    }
  }
  return found
}

/**
 * Sequences whose ratios start from the current weights' own log-probabilities, with truncated importance weights for how far those
 * are from what the sampler recorded: see `truncatedWeights`.
 */
export const withOwnRatios = async (
  decoder: Decoder,
  adapter: Adapter,
  groups: Groups,
  cap: number,
  maxTokens: number
): Promise<Groups> => {
  const own = await currentLogProbabilities(decoder, adapter, groups, maxTokens)
  return groups.map((group) =>
    group.map((sequence) => {
      const old = own.get(sequence) ?? sequence.old
      return { ...sequence, old, importance: truncatedWeights(old, sequence.old, cap) }
    })
  )
}
