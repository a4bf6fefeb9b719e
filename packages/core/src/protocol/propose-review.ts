import { Schema } from "effect"
import type { Protocol, Seat } from "../protocol.ts"
import { type Abstraction, abstractions, observedOver } from "./abstraction.ts"
import { decodeOptions } from "./decode-options.ts"
import { requireAgents } from "./members.ts"
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
  silence,
  stay,
  until
} from "./parts/index.ts"
import { type Rotation, seatingOf, seatingPeriod } from "./seating.ts"

/** The propose-review protocol as a configuration states it. */
export const ProposeReviewOptions = Schema.Struct({
  /** The horizon T: odd rounds propose, even rounds review. */
  rounds: countField(5),
  /** Ends the dialogue as soon as a proposer keeps the pending answer. */
  earlyStop: switchField(false),
  /** Whether agents change seats; by default they do when they are more than two. */
  rotation: Schema.optionalKey(Schema.Literals(["fixed", "rotate"])),
  /** What controllers see. */
  abstraction: abstractionField,
  /** `false` leaves out the review rounds. */
  reviewer: switchField(true),
  /** Takes away keep and skip: the untrained team that always speaks. */
  alwaysSpeak: switchField(false)
})
export type ProposeReviewOptions = typeof ProposeReviewOptions.Encoded

const kept = ({ transcript }: Board): boolean => transcript.at(-1)?.action === "keep"

/**
 * The protocol of propose and review: in odd rounds a proposer proposes or keeps, in even rounds a reviewer reviews or
 * skips; round 1 must propose. The pending answer at the end is the dialogue's answer.
 *
 * Throws `ConfigError` on an empty or repeated list of agents. Source: TRACER, section 1 of the method.
 */
export const proposeReview = (
  options: Omit<ProposeReviewOptions, "abstraction"> & {
    readonly agents: ReadonlyArray<string>
    readonly abstraction?: ProposeReviewOptions["abstraction"] | Abstraction
  }
): Protocol<DialogueState> => {
  const { agents, abstraction: chosen = "votes-and-iteration", ...rest } = options
  requireAgents("propose-review", agents)
  const { rounds, earlyStop, reviewer, alwaysSpeak, ...decoded } = decodeOptions(
    "propose-review",
    ProposeReviewOptions,
    rest
  )
  const rotation: Rotation = decoded.rotation ?? (agents.length > 2 ? "rotate" : "fixed")
  const infoOf = observedOver(typeof chosen === "string" ? abstractions[chosen] : chosen, rounds)
  // In a state never seen, a proposer keeps: that loses no right answer and costs nothing. A reviewer speaks: a verdict
  // changes no answer by itself, while silence would leave the proposer nothing to decide on.
  const proposing = (seat: Seat, round: number): Part =>
    round === 1 || alwaysSpeak
      ? once(seat, [propose()], { info: infoOf(seat, round) })
      : once(seat, [stay("keep"), propose()], { info: infoOf(seat, round), fallback: "keep" })
  const reviewing = (seat: Seat, round: number): Part =>
    once(seat, alwaysSpeak ? [review()] : [stay("skip"), review()], {
      info: infoOf(seat, round),
      fallback: "review"
    })
  const play = Array.from({ length: seatingPeriod(agents.length, rotation) }, (_, episode): Part => {
    const seating = seatingOf(agents, rotation, episode)
    const dialogue = alternate(
      rounds,
      (i) => proposing(seating.proposer(Math.floor(i / 2)), i + 1),
      (i) => (reviewer ? reviewing(seating.reviewer(Math.floor(i / 2)), i + 1) : silence())
    )
    return earlyStop ? until(kept, dialogue) : dialogue
  })
  return protocolOf({ name: "propose-review", play })
}

/** One proposer, one round: the team without collaboration. Throws `ConfigError` on an empty or repeated list of agents. */
export const single = (options: { readonly agents: ReadonlyArray<string> }): Protocol<DialogueState> => {
  requireAgents("single", options.agents)
  return { ...proposeReview({ ...options, rounds: 1 }), name: "single" }
}
