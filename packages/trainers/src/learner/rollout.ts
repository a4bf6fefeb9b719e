import type { CreditedGroup, LearnerError } from "@tracer-sdk/core"
import { Result } from "effect"
import { groupAdvantages, tokenAdvantages } from "../gspo/index.ts"
import type { GspoOptions } from "./options.ts"
import { groupProblem, tokensProblem } from "./trainable-group.ts"

/** A sampled completion to learn from. */
export interface TrainingSequence {
  readonly prompt: ReadonlyArray<number>
  readonly completion: ReadonlyArray<number>
  /** Log-probabilities in nats that ratios start from, one for each completion token: by default what the sampler recorded. */
  readonly old: ReadonlyArray<number>
  readonly temperature: number
  readonly advantage: number
  /** One for each completion token, in place of `advantage`, where the credit says what each was worth. */
  readonly tokenAdvantages?: ReadonlyArray<number>
  /** A constant factor of each completion token's objective; 1 by default. */
  readonly importance?: ReadonlyArray<number>
  readonly weight: number
}

/** The groups of one (agent, role) as material for an update. */
export interface Rollout {
  /** The sequences of each group that carries a signal; no group is empty. */
  readonly groups: ReadonlyArray<ReadonlyArray<TrainingSequence>>
  readonly skippedGroups: number
  /** Over all finite rewards, those of skipped groups included. */
  readonly meanReward: number
}

/** What a group's utterances were worth; undefined where the group carries no signal. */
type Advantages = (utterance: number) => Pick<TrainingSequence, "advantage" | "tokenAdvantages">

const advantagesOf = (
  { rewards, tokenRewards }: CreditedGroup["credit"],
  { minimumRewardSpread: minimumSpread }: GspoOptions
): Advantages | undefined => {
  if (tokenRewards === undefined) {
    const advantages = groupAdvantages(rewards, { minimumSpread })
    return advantages && ((i) => ({ advantage: advantages[i] ?? 0 }))
  }
  const advantages = tokenAdvantages(tokenRewards, { minimumSpread })
  return advantages && ((i) => ({ advantage: 0, tokenAdvantages: advantages[i] ?? [] }))
}

const sequencesOf = (
  group: CreditedGroup,
  advantages: Advantages,
  options: GspoOptions
): ReadonlyArray<TrainingSequence> =>
  group.utterances.flatMap(({ completion: { tokens, finish } }, i) => {
    if (tokens === undefined || (options.maskTruncated && finish === "length")) return []
    return {
      prompt: tokens.prompt,
      completion: tokens.ids,
      old: tokens.logProbabilities,
      temperature: group.sampling.temperature,
      weight: group.credit.weight,
      ...advantages(i)
    }
  })

/**
 * Turns an (agent, role)'s credited groups into sequences with advantages.
 *
 * Groups whose rewards are all but alike, or not finite, and groups of which masking leaves nothing, are skipped and
 * counted. Fails for a group that cannot be trained on: without tokens, drawn greedily or from a part of the distribution, or with
 * rewards that do not fit its utterances or the loss.
 */
export const toRollout = (
  groups: ReadonlyArray<CreditedGroup>,
  options: GspoOptions
): Result.Result<Rollout, LearnerError> => {
  const kept: Array<ReadonlyArray<TrainingSequence>> = []
  const rewards: Array<number> = []
  let skippedGroups = 0
  for (const group of groups) {
    const problem = groupProblem(group, options)
    if (problem !== undefined) return Result.fail(problem)
    rewards.push(...group.credit.rewards.filter(Number.isFinite))
    const advantages = advantagesOf(group.credit, options)
    if (advantages === undefined) {
      skippedGroups++
      continue
    }
    const tokens = tokensProblem(group)
    if (tokens !== undefined) return Result.fail(tokens)
    const sequences = sequencesOf(group, advantages, options)
    if (sequences.length === 0) skippedGroups++
    else kept.push(sequences)
  }
  const meanReward =
    rewards.length === 0 ? 0 : rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length
  return Result.succeed({ groups: kept, skippedGroups, meanReward })
}
