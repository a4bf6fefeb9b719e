import type { LegalActions, Strategy, StrategyMode } from "@tracer-sdk/core"

/** What a controller that learns plays where it knows nothing: uniform in training, `legal.fallback` on average. */
export const untrainedStrategy = ({ names, fallback }: LegalActions, mode: StrategyMode): Strategy =>
  mode === "average" && names.includes(fallback)
    ? names.map((name) => (name === fallback ? 1 : 0))
    : names.map(() => 1 / names.length)
