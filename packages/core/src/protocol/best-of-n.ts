import { Schema } from "effect"
import type { Protocol } from "../protocol.ts"
import { graderFor } from "../task/grader-for.ts"
import { decodeOptions } from "./decode-options.ts"
import { type Members, requireAgents } from "./members.ts"
import { requireTurns } from "./most-turns.ts"
import { countField, switchField } from "./option-fields.ts"
import {
  best,
  type DialogueState,
  once,
  parallel,
  propose,
  protocolOf,
  seatAt,
  sequence,
  stay
} from "./parts/index.ts"
import { verifiedScore, verifyProposals } from "./verify-proposals.ts"

/** Best of n as a configuration states it. */
export const BestOfNOptions = Schema.Struct({
  /** Answers to choose from (n). */
  samples: countField(4),
  /** Judgements of each answer. */
  judgements: countField(1),
  /** `false` lets the proposer leave out all answers but the first, and a verifier each judgement. */
  alwaysSpeak: switchField(true)
})
export type BestOfNOptions = typeof BestOfNOptions.Encoded

/**
 * The first agent answers `samples` times without hearing itself, the others (itself, where it is alone) take turns to judge each readable
 * answer by a score or a verdict, and the answer with the highest mean score is taken; of several alike, the first.
 *
 * RIGHT counts as 1, WRONG as 0, and an answer that nobody judged readably as 1/2. Throws `ConfigError` on an empty or repeated list
 * of agents, and on more than 10,000 turns. Source: Cobbe et al. 2021, "Training verifiers to solve math word problems".
 */
export const bestOfN = (options: BestOfNOptions & Members): Protocol<DialogueState> => {
  const { agents, grader = graderFor, ...stated } = options
  requireAgents("best-of-n", agents)
  const { samples, judgements, alwaysSpeak } = decodeOptions("best-of-n", BestOfNOptions, stated)
  requireTurns("best-of-n", samples * (1 + judgements), "Lower samples or judgements.")
  const [proposer = "", ...others] = agents
  const seat = seatAt(proposer, "proposer")
  const verifiers = others.length === 0 ? [proposer] : others
  const first = once(seat, [propose()])
  const further = alwaysSpeak ? first : once(seat, [stay("pass"), propose()], { fallback: "propose" })
  return protocolOf({
    name: "best-of-n",
    play: sequence(
      parallel(...Array.from({ length: samples }, (_, i) => (i === 0 ? first : further))),
      verifyProposals({ proposals: samples, judgements, verifiers, alwaysSpeak, grader }),
      best(verifiedScore)
    )
  })
}
