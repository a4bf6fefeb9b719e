import type { LegalActions, Strategy } from "../controller.ts"
import { pickIndex } from "../random.ts"

/** Evaluation plays a strategy either as it is or by its most likely action. */
export type Selection = "sample" | "greedy"

/** Probabilities this close are a tie. */
const tie = 1e-12

/**
 * The index of the action to play. A greedy tie goes to `legal.fallback`, and to the first of the most likely where the fallback is none
 * of them. `u` is uniform in [0, 1).
 */
export const selectAction = (
  strategy: Strategy,
  legal: LegalActions,
  selection: Selection,
  u: number
): number => {
  if (selection === "sample") return pickIndex(strategy, u)
  const least = Math.max(...strategy) - tie
  const fallback = legal.names.indexOf(legal.fallback)
  if ((strategy[fallback] ?? -1) >= least) return fallback
  return strategy.findIndex((probability) => probability >= least)
}
