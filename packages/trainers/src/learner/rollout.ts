import { type CreditedGroup, LearnerError } from "@tracer-sdk/core"
import { Result } from "effect"
import { groupAdvantages } from "../gspo/index.ts"
import type { GspoOptions } from "./options.ts"

/** A sampled completion to learn from. */
export interface TrainingSequence {
  readonly prompt: ReadonlyArray<number>
  readonly completion: ReadonlyArray<number>
  /** Log-probabilities in nats that the sampler recorded, one for each completion token. */
  readonly old: ReadonlyArray<number>
  readonly temperature: number
  readonly advantage: number
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

const where = ({ agent, role, episode, round }: CreditedGroup): string =>
  `${agent}'s ${role} group of episode ${episode}, round ${round}`

const problem = (group: CreditedGroup, message: string, hint: string) =>
  Result.fail(new LearnerError({ message: `${where(group)} ${message}`, hint }))

const sequencesOf = (
  group: CreditedGroup,
  advantages: ReadonlyArray<number>,
  options: GspoOptions
): Result.Result<ReadonlyArray<TrainingSequence>, LearnerError> => {
  if (group.sampling.temperature <= 0) {
    return problem(
      group,
      "was drawn greedily, at temperature 0: such draws have no log-probability to compare with.",
      "Sample training utterances at a temperature above 0."
    )
  }
  const sequences: Array<TrainingSequence> = []
  for (const [i, { completion }] of group.utterances.entries()) {
    const { tokens } = completion
    if (tokens === undefined) {
      return problem(
        group,
        "has text without token ids and log-probabilities, as models behind an API give it.",
        "Let this agent speak through a local model, leave it out of the learner's agents, or leave the learner out: the controllers learn without one."
      )
    }
    if (
      tokens.prompt.length === 0 ||
      tokens.ids.length === 0 ||
      tokens.logProbabilities.length !== tokens.ids.length
    ) {
      return problem(
        group,
        `has a completion of ${tokens.ids.length} tokens with ${tokens.logProbabilities.length} log-probabilities, after a prompt of ${tokens.prompt.length} tokens.`,
        "A policy has to record a prompt, at least one drawn token, and a log-probability for each."
      )
    }
    if (options.maskTruncated && completion.finish === "length") continue
    sequences.push({
      prompt: tokens.prompt,
      completion: tokens.ids,
      old: tokens.logProbabilities,
      temperature: group.sampling.temperature,
      advantage: advantages[i] ?? 0,
      weight: group.credit.weight
    })
  }
  return Result.succeed(sequences)
}

/**
 * Turns an (agent, role)'s credited groups into sequences with advantages.
 *
 * Groups whose rewards are all but alike, or not finite, and groups of which masking leaves nothing, are skipped and
 * counted. Fails for a group whose draws cannot be trained on: without tokens, drawn greedily, or with another number of
 * rewards than utterances.
 */
export const toRollout = (
  groups: ReadonlyArray<CreditedGroup>,
  options: GspoOptions
): Result.Result<Rollout, LearnerError> => {
  const kept: Array<ReadonlyArray<TrainingSequence>> = []
  const rewards: Array<number> = []
  let skippedGroups = 0
  for (const group of groups) {
    if (group.credit.rewards.length !== group.utterances.length) {
      return problem(
        group,
        `has ${group.utterances.length} utterances but ${group.credit.rewards.length} rewards.`,
        "A credit assigner has to give one reward for each utterance."
      )
    }
    rewards.push(...group.credit.rewards.filter(Number.isFinite))
    const advantages = groupAdvantages(group.credit.rewards, { minimumSpread: options.minimumRewardSpread })
    if (advantages === undefined) {
      skippedGroups++
      continue
    }
    const sequences = sequencesOf(group, advantages, options)
    if (Result.isFailure(sequences)) return Result.fail(sequences.failure)
    if (sequences.success.length === 0) skippedGroups++
    else kept.push(sequences.success)
  }
  const meanReward =
    rewards.length === 0 ? 0 : rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length
  return Result.succeed({ groups: kept, skippedGroups, meanReward })
}
