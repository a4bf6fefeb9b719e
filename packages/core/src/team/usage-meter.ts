import { Effect } from "effect"
import type { Policy, Usage } from "../policy.ts"

/** Tokens and calls of a model. */
export interface Spending extends Usage {
  readonly calls: number
}

/** Counts what models read and write, whoever asks them: dialogues, candidates, forks, controllers and judges. */
export interface UsageMeter {
  /** The policy, with what it answers counted under `name`. */
  readonly watch: (name: string, policy: Policy) => Policy
  readonly spending: () => ReadonlyMap<string, Spending>
  /** Prompt and completion tokens of all. */
  readonly tokens: () => number
}

export const usageMeter = (): UsageMeter => {
  const counted = new Map<string, Spending>()
  let tokens = 0
  return {
    spending: () => counted,
    tokens: () => tokens,
    watch: (name, policy) => ({
      ...policy,
      name: policy.name,
      generate: (request) =>
        Effect.mapEager(policy.generate(request), (completions) => {
          const held = counted.get(name) ?? { prompt: 0, completion: 0, calls: 0 }
          let { prompt, completion } = held
          for (const { usage } of completions) {
            prompt += usage.prompt
            completion += usage.completion
          }
          tokens += prompt + completion - held.prompt - held.completion
          counted.set(name, { prompt, completion, calls: held.calls + 1 })
          return completions
        })
    })
  }
}
