import { Schema } from "effect"
import { ConfigError } from "../errors.ts"
import type { Protocol } from "../protocol.ts"
import { graderFor } from "../task/grader-for.ts"
import { decodeOptions } from "./decode-options.ts"
import { type Members, requireAgent, requireAgents } from "./members.ts"
import { requireTurns } from "./most-turns.ts"
import { countField } from "./option-fields.ts"
import {
  type DialogueState,
  once,
  type Proposal,
  parallel,
  propose,
  protocolOf,
  seatAt,
  sequence,
  vote
} from "./parts/index.ts"
import { verifiedScore, verifyProposals } from "./verify-proposals.ts"

/** A vote as a configuration states it. */
export const AgentVoteOptions = Schema.Struct({
  /** Answers that each voter gives. */
  samples: countField(1),
  /** What an agent's answer counts; 1 where it is not stated. */
  weights: Schema.optionalKey(
    Schema.Record(Schema.String, Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)))
  ),
  /** An agent that judges every answer, and does not answer itself unless it is alone; answers then count their scores, too. */
  verifier: Schema.optionalKey(Schema.String)
})
export type AgentVoteOptions = typeof AgentVoteOptions.Encoded

/** Every weight has to be that of an agent who answers, and one of them above 0. */
const requireWeights = (weights: Readonly<Record<string, number>>, voters: ReadonlyArray<string>): void => {
  const idle = Object.keys(weights).find((agent) => !voters.includes(agent))
  if (idle !== undefined) {
    throw new ConfigError({
      path: `protocol.weights.${idle}`,
      message: `protocol.weights.${idle}: "${idle}" is the verifier, which gives no answer of its own to weigh.`,
      hint: "Weigh the agents that answer."
    })
  }
  if (voters.some((agent) => weights[agent] !== 0)) return
  throw new ConfigError({
    path: "protocol.weights",
    message: "protocol.weights: no agent's answer counts anything.",
    hint: "Give at least one of the voters a weight above 0."
  })
}

/**
 * All agents answer without hearing each other, and the answer that counts most is taken; of several that count alike, the one whose first
 * voter comes first.
 *
 * An answer counts its agent's weight, with a verifier times the mean of its scores (RIGHT 1, WRONG 0, unjudged 1/2). Throws
 * `ConfigError` on an empty or repeated list of agents, an agent that is not on the team or weighed without a vote, weights that are all 0,
 * or more than 10,000 turns. Sources: majority voting as in Wang et al. 2023; weighted by a verifier, Li et al. 2023, "Making language models
 * better reasoners with step-aware verifier".
 */
export const agentVote = (options: AgentVoteOptions & Members): Protocol<DialogueState> => {
  const { agents, grader = graderFor, ...stated } = options
  requireAgents("vote", agents)
  const { samples, weights = {}, verifier } = decodeOptions("vote", AgentVoteOptions, stated)
  for (const agent of Object.keys(weights)) requireAgent(`weights.${agent}`, agent, agents)
  if (verifier !== undefined) requireAgent("verifier", verifier, agents)
  const others = agents.filter((agent) => agent !== verifier)
  const voters = others.length === 0 ? agents : others
  requireWeights(weights, voters)
  const weightOf = ({ agent }: Proposal): number =>
    Object.hasOwn(weights, agent) ? (weights[agent] ?? 1) : 1

  const answers = voters.length * samples
  requireTurns("vote", verifier === undefined ? answers : 2 * answers, "Lower samples.")

  const answering = voters.flatMap((agent) =>
    Array.from({ length: samples }, () => once(seatAt(agent, "proposer"), [propose()]))
  )
  const voting =
    verifier === undefined
      ? [vote({ weight: weightOf, grader })]
      : [
          verifyProposals({
            ...{ proposals: answers, judgements: 1, verifiers: [verifier], alwaysSpeak: true },
            grader
          }),
          vote({ weight: (proposal) => weightOf(proposal) * verifiedScore(proposal), grader })
        ]
  return protocolOf({ name: "vote", play: sequence(parallel(...answering), ...voting) })
}
