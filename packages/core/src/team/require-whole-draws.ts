import { Effect } from "effect"
import type { TeamConfig } from "../config/team-config.ts"
import { ConfigError } from "../errors.ts"

const refuse = (key: "temperature" | "topP" | "topK", problem: string, hint: string) =>
  new ConfigError({ path: `sampling.${key}`, message: `sampling.${key} ${problem}`, hint })

/**
 * Fails with `ConfigError` where a learner is to learn from draws that it cannot score: greedy ones, or from a part of the
 * distribution. Asked before a training, which would find out after its first batch.
 */
export const requireWholeDraws = ({ learner, sampling }: TeamConfig): Effect.Effect<void, ConfigError> => {
  if (learner === undefined) return Effect.void
  const { temperature, topP, topK } = sampling
  if (temperature === 0) {
    return refuse(
      "temperature",
      "is 0: a group's utterances are then all alike, and a learner has nothing to compare.",
      "Set sampling.temperature to 1, or leave out the learner."
    )
  }
  const cut = topP !== undefined && topP < 1 ? "topP" : topK === undefined ? undefined : "topK"
  if (cut === undefined) return Effect.void
  return refuse(
    cut,
    `is ${sampling[cut]}: tokens that the sampler leaves out have no log-probability to learn from.`,
    `Leave out sampling.${cut}, or the learner: draws to learn from take a temperature alone.`
  )
}
