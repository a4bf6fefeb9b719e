import * as tf from "@tensorflow/tfjs"
import type { LossBatch, LossOptions } from "./loss-batch.ts"
import { stopGradient } from "./stop-gradient.ts"

/** `min(ratio A, clip(ratio) A)`, elementwise. */
const clippedObjective = (
  ratio: tf.Tensor,
  advantage: tf.Tensor,
  { epsilonLow, epsilonHigh }: LossOptions
): tf.Tensor =>
  tf.minimum(
    tf.mul(ratio, advantage),
    tf.mul(tf.clipByValue(ratio, 1 - epsilonLow, 1 + epsilonHigh), advantage)
  )

/** The k3 estimate `exp(d) - d - 1` of the divergence from the reference at each token, `d` being reference minus policy. */
const divergence = (logProbabilities: tf.Tensor, reference: tf.Tensor): tf.Tensor => {
  const difference = tf.sub(reference, logProbabilities)
  return tf.sub(tf.sub(tf.exp(difference), difference), 1)
}

/**
 * The clipped policy loss of a batch, to be minimised: minus the mean over sequences of weight times objective.
 *
 * - `gspo`: one ratio `s = exp(mean over tokens of new - old)` for each sequence (arXiv 2507.18071, equations 5 and 7).
 * - `gspo-token`: that ratio's value at every token, but each token's own gradient, for advantages by token (equations 13 and 14).
 * - `grpo`: each token's own ratio, averaged over the sequence (arXiv 2402.03300).
 *
 * A batch's `importance` multiplies the objective at each token before the mean over tokens.
 *
 * `logProbabilities` `[batch, time]` in nats at the temperature that the tokens were drawn at; `reference` likewise, for the
 * divergence, where `kl` is above 0. Call it within `tf.tidy` or a gradient function.
 */
export const policyLoss = (
  logProbabilities: tf.Tensor,
  batch: LossBatch,
  options: LossOptions,
  reference?: tf.Tensor
): tf.Scalar => {
  const rows: [number, number] = [batch.batch, batch.time]
  const column: [number, number] = [batch.batch, 1]
  const mask = tf.tensor(batch.mask, rows)
  const lengths = tf.maximum(tf.sum(mask, 1, true), 1)
  const meanOverTokens = (values: tf.Tensor) => tf.div(tf.sum(tf.mul(values, mask), 1, true), lengths)

  const difference = tf.mul(tf.sub(logProbabilities, tf.tensor(batch.old, rows)), mask)
  const sequenceAdvantage = tf.tensor(batch.advantages, column)
  const tokenAdvantage =
    batch.tokenAdvantages === undefined ? sequenceAdvantage : tf.tensor(batch.tokenAdvantages, rows)

  // [batch, 1] or [batch, time].
  const objective = (): tf.Tensor => {
    switch (options.variant) {
      case "gspo":
        return clippedObjective(tf.exp(meanOverTokens(difference)), sequenceAdvantage, options)
      case "gspo-token": {
        const value = stopGradient(meanOverTokens(difference))
        const ownGradient = tf.sub(difference, stopGradient(difference))
        return clippedObjective(tf.exp(tf.add(value, ownGradient)), tokenAdvantage, options)
      }
      case "grpo":
        return clippedObjective(tf.exp(difference), tokenAdvantage, options)
    }
  }
  const importance = batch.importance === undefined ? mask : tf.tensor(batch.importance, rows)
  const share = tf.div(tf.tensor(batch.weights, column), batch.sequences)
  const loss = tf.neg(tf.sum<tf.Scalar>(tf.mul(meanOverTokens(tf.mul(objective(), importance)), share)))
  if (options.kl === 0) return loss
  if (reference === undefined)
    throw new Error("A loss with a divergence needs the reference's log-probabilities.")
  const apart = tf.sum<tf.Scalar>(meanOverTokens(divergence(logProbabilities, reference)))
  return tf.add(loss, tf.mul(apart, options.kl / batch.sequences))
}
