import type { LegalActions, Strategy } from "../controller.ts"

/** Rounding may move a sum of probabilities so far from 1. */
const tolerance = 1e-6

/** Throws `RangeError` where what a controller plays is not one probability for each legal action. */
export const requireStrategy = (
  controller: string,
  info: string,
  { names }: LegalActions,
  strategy: Strategy
): void => {
  let total = 0
  let sound = strategy.length === names.length
  for (const probability of strategy) {
    if (!(probability >= 0)) sound = false
    total += probability
  }
  if (sound && Math.abs(total - 1) <= tolerance) return
  throw new RangeError(
    `The controller "${controller}" plays [${strategy.join(", ")}] in information state "${info}"; ` +
      `strategy() and deliberate() have to give one probability for each of [${names.join(", ")}], which sum to 1.`
  )
}
