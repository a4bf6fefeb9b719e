import { Schema } from "effect"
import type { Protocol } from "../protocol.ts"
import { graderFor } from "../task/grader-for.ts"
import { decodeOptions } from "./decode-options.ts"
import { type Members, requireAgents } from "./members.ts"
import { countField } from "./option-fields.ts"
import {
  type DialogueState,
  once,
  parallel,
  propose,
  protocolOf,
  seatAt,
  sequence,
  vote
} from "./parts/index.ts"

/** Self-consistency as a configuration states it. */
export const SelfConsistencyOptions = Schema.Struct({
  /** Answers that the agent gives. */
  samples: countField(10)
})
export type SelfConsistencyOptions = typeof SelfConsistencyOptions.Encoded

/**
 * The first agent answers `samples` times without hearing itself, and the answer that comes most often is taken; of several that come
 * equally often, the one that came first.
 *
 * Answers are the same where the task's grader says so. Throws `ConfigError` on an empty or repeated list of agents. Source: Wang et al.
 * 2023, "Self-consistency improves chain of thought reasoning in language models".
 */
export const selfConsistency = (options: SelfConsistencyOptions & Members): Protocol<DialogueState> => {
  const { agents, grader = graderFor, ...stated } = options
  requireAgents("self-consistency", agents)
  const { samples } = decodeOptions("self-consistency", SelfConsistencyOptions, stated)
  const answering = once(seatAt(agents[0] ?? "", "proposer"), [propose()])
  return protocolOf({
    name: "self-consistency",
    play: sequence(parallel(...Array.from({ length: samples }, () => answering)), vote({ grader }))
  })
}
