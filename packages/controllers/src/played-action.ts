import type { LegalActions, UpdateContext } from "@tracer-sdk/core"

/** Which action was played, and how likely it was; throws where it could not have been. */
export const playedAction = (
  info: string,
  { names }: LegalActions,
  { action, strategy }: NonNullable<UpdateContext["played"]>
): { readonly index: number; readonly probability: number } => {
  const index = names.indexOf(action)
  const probability = strategy[index] ?? 0
  if (probability > 0) return { index, probability }
  throw new RangeError(
    `Information state "${info}" was told that "${action}" was played, drawn from the probabilities ` +
      `[${strategy.join(", ")}] of [${names.join(", ")}].`
  )
}
