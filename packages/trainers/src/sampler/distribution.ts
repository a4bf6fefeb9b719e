import type { Sampling } from "@tracer-sdk/core"

const sumOf = (weights: Float32Array, tokens: ReadonlyArray<number>): number =>
  tokens.reduce((sum, token) => sum + (weights[token] ?? 0), 0)

/**
 * The tokens that can be drawn from a distribution, in ascending order; undefined where all can. Those are the `topK` likeliest, of
 * equals the first, and of these the fewest likeliest whose probabilities, renormalised, sum to at least `topP`. `weights` are
 * probabilities times any factor, the largest of them 1.
 */
export const nucleus = (
  weights: Float32Array,
  { topK = weights.length, topP = 1 }: Pick<Sampling, "topK" | "topP">
): ReadonlyArray<number> | undefined => {
  if (topK >= weights.length && topP >= 1) return undefined
  const byWeight = (a: number, b: number) => (weights[b] ?? 0) - (weights[a] ?? 0) || a - b
  let total = 0
  for (let token = 0; token < weights.length; token++) total += weights[token] ?? 0
  // Few tokens hold nearly all of the probability, so those above a threshold are sorted, and more only where they do not do.
  for (let threshold = 1e-3; ; threshold = threshold < 1e-30 ? 0 : threshold * 1e-4) {
    const candidates: Array<number> = []
    for (let token = 0; token < weights.length; token++) {
      if ((weights[token] ?? 0) >= threshold) candidates.push(token)
    }
    const enough =
      topK < weights.length ? candidates.length >= topK : sumOf(weights, candidates) >= topP * total
    if (!enough && threshold > 0) continue
    candidates.sort(byWeight)
    const likeliest = candidates.slice(0, topK)
    const wanted = topP * (topK < weights.length ? sumOf(weights, likeliest) : total)
    let sum = 0
    let count = 0
    // Rounding must not keep top-p 1 from the last of them.
    while (count < likeliest.length && (count === 0 || topP >= 1 || sum < wanted)) {
      sum += weights[likeliest[count] ?? 0] ?? 0
      count++
    }
    return likeliest.slice(0, count).sort((a, b) => a - b)
  }
}
