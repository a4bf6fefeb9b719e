import { type CreditedGroup, LearnerError } from "@tracer-sdk/core"
import type { GspoOptions } from "./options.ts"

type Flaw = readonly [problem: string, hint: string]

const drawFlaw = ({ sampling }: CreditedGroup): Flaw | undefined => {
  const { temperature, topP, topK } = sampling
  if (temperature <= 0) {
    return [
      "was drawn greedily, at temperature 0: such draws have no log-probability to compare with.",
      "Sample training utterances at a temperature above 0."
    ]
  }
  const cut = [
    ...(topP === undefined || topP >= 1 ? [] : [`top-p ${topP}`]),
    ...(topK === undefined ? [] : [`top-k ${topK}`])
  ]
  if (cut.length === 0) return undefined
  return [
    `was drawn with ${cut.join(" and ")}: tokens that the sampler left out have no log-probability to compare with.`,
    "Sample training utterances with a temperature alone: leave topP and topK out of the agent's sampling."
  ]
}

const creditFlaw = ({ credit, utterances }: CreditedGroup, { variant }: GspoOptions): Flaw | undefined => {
  if (credit.rewards.length !== utterances.length) {
    return [
      `has ${utterances.length} utterances but ${credit.rewards.length} rewards.`,
      "A credit assigner has to give one reward for each utterance."
    ]
  }
  if (credit.tokenRewards === undefined) return undefined
  if (variant === "gspo") {
    return [
      "has rewards by token, which the variant gspo cannot use: it has one advantage for each utterance.",
      "Choose the variant gspo-token or grpo, or a credit assigner without rewards by token."
    ]
  }
  if (credit.tokenRewards.length !== utterances.length) {
    return [
      `has ${utterances.length} utterances but ${credit.tokenRewards.length} lists of rewards by token.`,
      "A credit assigner has to give one list for each utterance."
    ]
  }
  return undefined
}

const tokensFlaw = ({ credit, utterances }: CreditedGroup): Flaw | undefined => {
  for (const [i, { completion }] of utterances.entries()) {
    const { tokens } = completion
    if (tokens === undefined) {
      return [
        "has text without token ids and log-probabilities, as models behind an API give it.",
        "Let this agent speak through a local model, leave it out of the learner's agents, or leave the learner out: the controllers learn without one."
      ]
    }
    const { prompt, ids, logProbabilities } = tokens
    if (prompt.length === 0 || ids.length === 0 || logProbabilities.length !== ids.length) {
      return [
        `has a completion of ${ids.length} tokens with ${logProbabilities.length} log-probabilities, after a prompt of ${prompt.length} tokens.`,
        "A policy has to record a prompt, at least one drawn token, and a log-probability for each."
      ]
    }
    const rewards = credit.tokenRewards?.[i]
    if (rewards !== undefined && rewards.length !== ids.length) {
      return [
        `has a completion of ${ids.length} tokens with ${rewards.length} rewards by token.`,
        "A credit assigner has to give one reward for each of a completion's tokens, the end token included."
      ]
    }
  }
  return undefined
}

const errorOf = (
  { agent, role, episode, round }: CreditedGroup,
  flaw: Flaw | undefined
): LearnerError | undefined => {
  if (flaw === undefined) return undefined
  const [problem, hint] = flaw
  return new LearnerError({
    message: `${agent}'s ${role} group of episode ${episode}, round ${round} ${problem}`,
    hint
  })
}

/**
 * What keeps a group from being turned into advantages: how it was drawn, or its credit. Asked of groups without a signal too:
 * greedy draws are all alike, and would else be skipped without a word.
 */
export const groupProblem = (group: CreditedGroup, options: GspoOptions): LearnerError | undefined =>
  errorOf(group, drawFlaw(group) ?? creditFlaw(group, options))

/** What keeps a group that carries a signal from being trained on: what was recorded of its draws. */
export const tokensProblem = (group: CreditedGroup): LearnerError | undefined =>
  errorOf(group, tokensFlaw(group))
