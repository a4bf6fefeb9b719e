import { Schema } from "effect"
import type { Protocol } from "../protocol.ts"
import { type Abstraction, abstractions, observedOver } from "./abstraction.ts"
import { decodeOptions } from "./decode-options.ts"
import { requireAgent, requireAgents } from "./members.ts"
import { abstractionField, countField, switchField } from "./option-fields.ts"
import {
  alternate,
  type Board,
  type DialogueState,
  once,
  type Part,
  propose,
  protocolOf,
  review,
  seatAt,
  sequence,
  stay,
  until
} from "./parts/index.ts"

/** The protocol of propose, review and refine as a configuration states it. */
export const ProposeReviewRefineOptions = Schema.Struct({
  /** Turns of the dialogue: the first proposes, even ones review, the other odd ones refine. */
  rounds: countField(5),
  /** Who refines; by default the first agent, who also proposes. */
  refiner: Schema.optionalKey(Schema.String),
  /** Ends the dialogue as soon as the refiner keeps the pending answer. */
  earlyStop: switchField(false),
  /** What controllers see. */
  abstraction: abstractionField,
  /** Takes away keep and skip: critic and refiner always speak. */
  alwaysSpeak: switchField(false)
})
export type ProposeReviewRefineOptions = typeof ProposeReviewRefineOptions.Encoded

const kept = ({ transcript }: Board): boolean => transcript.at(-1)?.action === "keep"

/**
 * The first agent proposes; then, by turns, a critic writes a critique with a verdict on the pending answer, or skips, and a refiner
 * revises that answer, or keeps it. The pending answer at the end is the dialogue's.
 *
 * All agents but the first and the refiner are critics, in turn; where nobody else is left, the first one is. Throws `ConfigError` on an
 * empty or repeated list of agents, or a refiner that is not on the team. Source: Madaan et al. 2023, "Self-refine: iterative refinement
 * with self-feedback"; with one agent it is that.
 */
export const proposeReviewRefine = (
  options: Omit<ProposeReviewRefineOptions, "abstraction"> & {
    readonly agents: ReadonlyArray<string>
    readonly abstraction?: ProposeReviewRefineOptions["abstraction"] | Abstraction
  }
): Protocol<DialogueState> => {
  const { agents, abstraction: chosen = "votes-and-iteration", ...stated } = options
  requireAgents("propose-review-refine", agents)
  const { rounds, earlyStop, alwaysSpeak, ...decoded } = decodeOptions(
    "propose-review-refine",
    ProposeReviewRefineOptions,
    stated
  )
  const [first = ""] = agents
  const refiner = decoded.refiner ?? first
  requireAgent("refiner", refiner, agents)
  const others = agents.filter((agent) => agent !== first && agent !== refiner)
  const critics = others.length === 0 ? [first] : others
  const infoOf = observedOver(typeof chosen === "string" ? abstractions[chosen] : chosen, rounds)
  const proposer = seatAt(first, "proposer")
  const reviewing = (i: number): Part => {
    const seat = seatAt(critics[Math.floor(i / 2) % critics.length] ?? "", "critic")
    const speak = review("critic")
    const info = infoOf(seat, i + 2)
    return once(seat, alwaysSpeak ? [speak] : [stay("skip"), speak], { info, fallback: "review" })
  }
  const refining = (i: number): Part => {
    const seat = seatAt(refiner, "refiner")
    const speak = propose("refiner", "refine")
    return once(seat, alwaysSpeak ? [speak] : [stay("keep"), speak], { info: infoOf(seat, i + 2) })
  }
  const dialogue = sequence(
    once(proposer, [propose()], { info: infoOf(proposer, 1) }),
    alternate(rounds - 1, reviewing, refining)
  )
  return protocolOf({ name: "propose-review-refine", play: earlyStop ? until(kept, dialogue) : dialogue })
}
