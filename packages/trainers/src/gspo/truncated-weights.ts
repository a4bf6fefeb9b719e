/**
 * Importance weights of tokens that another engine drew, `min(trainer / sampler, cap)`, from the log-probabilities in nats that
 * trainer and sampler give them: factors of the loss through which no gradient flows.
 *
 * Engines of the same weights differ by rounding and by kernels; the weights take that bias out, and the cap bounds their variance.
 *
 * Source: truncated importance sampling, Yao et al. 2025, "Your efficient RL framework secretly brings you off-policy RL training".
 */
export const truncatedWeights = (
  trainer: ReadonlyArray<number>,
  sampler: ReadonlyArray<number>,
  cap: number
): ReadonlyArray<number> =>
  trainer.map((logProbability, i) => Math.min(Math.exp(logProbability - (sampler[i] ?? Number.NaN)), cap))
