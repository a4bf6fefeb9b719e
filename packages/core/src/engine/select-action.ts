import type { LegalActions, Strategy } from "../controller.ts"
import { pickIndex } from "../random.ts"

/** Evaluation plays a strategy either as it is or by its most likely action. */
export type Selection = "sample" | "greedy"

/** The index of the action to play; a greedy tie goes to `legal.fallback`. `u` is uniform in [0, 1). */
export const selectAction = (
  strategy: Strategy,
  legal: LegalActions,
  selection: Selection,
  u: number
): number => {
  if (selection === "sample") return pickIndex(strategy, u)
  let best = 0
  let ties = 1
  for (let i = 1; i < strategy.length; i++) {
    const difference = (strategy[i] ?? 0) - (strategy[best] ?? 0)
    if (difference > 1e-12) {
      best = i
      ties = 1
    } else if (difference >= -1e-12) ties++
  }
  if (ties === 1) return best
  const fallback = legal.names.indexOf(legal.fallback)
  return fallback === -1 ? best : fallback
}
