import { Effect } from "effect"
import type { AdapterStore } from "../adapter/index.ts"

/**
 * Warns, once after every update, that a server still draws with the weights that it was started with: of which adapters, and how
 * many changes ago.
 */
export const staleWeightsWarning = (where: string, adapters: AdapterStore): Effect.Effect<void> => {
  let told = 0
  return Effect.suspend(() => {
    const changed = adapters.all().filter(({ revision }) => revision > 0)
    const changes = changed.reduce((sum, { revision }) => sum + revision, 0)
    if (changes === told) return Effect.void
    told = changes
    const behind = changed.map(({ name, revision }) => `${name} ${revision}`).join(", ")
    return Effect.logWarning(
      `${where} still draws with the weights that it was started with; changes of the adapters since: ${behind}. llama.cpp cannot load an adapter while it runs: its answers do not show what was learned, and importance ratios move away from 1. Serve the model with vLLM, or start llama.cpp anew with the adapters merged.`
    )
  })
}
