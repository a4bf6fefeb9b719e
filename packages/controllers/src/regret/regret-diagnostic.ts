import type { RegretDiagnostic } from "@tracer-sdk/core"
import { averageStrategy, type RegretRow } from "./regret-row.ts"
import type { RegretVariant } from "./regret-variant.ts"

/** Rounding may lift the left side of the invariant this much, relatively. */
const tolerance = 1e-9

/**
 * What average regret cannot exceed, with `Delta` the range of the values seen and `c` the most that one visit's regrets can have for a
 * norm, in units of Delta: `(1 - pi)^2 + pi^2 <= 1` for two actions, `sqrt(|A|)` for any.
 *
 * - `rm`, `rm+`: `c Delta / sqrt(T)` (Hart and Mas-Colell 2000; Tammelin et al. 2015).
 * - `predictive`: `sqrt(sum_t norm(r_t - r_{t-1})^2) / T`, the size of what was not foreseen. Farina et al. 2021 state it up to a
 *   constant; this one follows from the invariant, coordinate by coordinate.
 * - `linear`, weighted by t: `c Delta sqrt(sum t^2) / sum t = c Delta sqrt(2 (2T + 1) / (3 T (T + 1)))`.
 * - `dcfr`, weighted by t^gamma: `6 Delta (sqrt(|A|) + 1/sqrt(T)) / sqrt(T)` for (1.5, 0, 2), from theorem 3 of Brown and Sandholm
 *   2019. Of other parameters nothing is claimed but Delta, which no average regret exceeds.
 */
const boundOf = (
  { actions, high, low, visits, squaredRegret }: RegretRow,
  variant: RegretVariant
): number => {
  const range = high - low
  const size = actions.length <= 2 ? 1 : Math.sqrt(actions.length)
  switch (variant.name) {
    case "rm":
    case "rm+":
      return (range * size) / Math.sqrt(visits)
    case "predictive":
      return Math.sqrt(squaredRegret) / visits
    case "linear":
      return range * size * Math.sqrt((2 * (2 * visits + 1)) / (3 * visits * (visits + 1)))
    case "dcfr": {
      const { alpha, beta } = variant.discount ?? { alpha: Number.NaN, beta: Number.NaN }
      if (alpha !== 1.5 || beta !== 0 || variant.gamma !== 2) return range
      const root = Math.sqrt(visits)
      return Math.min(range, (6 * range * (Math.sqrt(actions.length) + 1 / root)) / root)
    }
  }
}

/**
 * Measures an information state.
 *
 * The invariant holds for the whole family: `norm(R+)^2 <= sum_t w_t^2 norm(r_t - m_t)^2`, with m_t the prediction (0 where there is
 * none) and w_t what the discounts have left of the t-th regret.
 */
export const diagnose = (info: string, row: RegretRow, variant: RegretVariant): RegretDiagnostic => {
  const { actions, visits, squaredRegret, regrets, external, weightSum } = row
  const average = Array.from(actions, () => 1 / actions.length)
  averageStrategy(row, average)
  let positive = 0
  for (const regret of regrets) if (regret > 0) positive += regret * regret
  return {
    info,
    actions,
    average,
    visits,
    averageRegret: Math.max(0, ...external) / weightSum,
    bound: boundOf(row, variant),
    invariantHolds: positive <= squaredRegret * (1 + tolerance)
  }
}
