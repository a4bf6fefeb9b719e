/**
 * The logarithm of a sequence's importance ratio: the mean over its tokens of new minus old log-probability, in nats.
 *
 * Source: GSPO, arXiv 2507.18071, equation 7.
 */
export const sequenceLogRatio = (next: ArrayLike<number>, old: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < old.length; i++) sum += (next[i] ?? Number.NaN) - (old[i] ?? Number.NaN)
  return sum / old.length
}
