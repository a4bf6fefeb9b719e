import { Effect, Schema } from "effect"
import { ConfigError } from "../errors.ts"
import type { Act, Action, Protocol, Seat, SeatTurn } from "../protocol.ts"
import type { PendingAnswer, TranscriptEntry, View } from "../transcript.ts"
import { type Abstraction, abstractions, type PublicState } from "./abstraction.ts"
import { type Rotation, seatingOf, seatingPeriod } from "./seating.ts"

/** The propose-review protocol as a configuration states it. */
export const ProposeReviewOptions = Schema.Struct({
  /** The horizon T: odd rounds propose, even rounds review. */
  rounds: Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(5))
  ),
  /** Ends the dialogue as soon as a proposer keeps the pending answer. */
  earlyStop: Schema.Boolean.pipe(Schema.withDecodingDefaultKey(Effect.succeed(false))),
  /** Whether agents change seats; by default they do when they are more than two. */
  rotation: Schema.optionalKey(Schema.Literals(["fixed", "rotate"])),
  /** What controllers see. */
  abstraction: Schema.Literals(["votes-and-iteration", "without-votes", "without-iteration"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("votes-and-iteration" as const))
  ),
  /** `false` leaves out the review rounds. */
  reviewer: Schema.Boolean.pipe(Schema.withDecodingDefaultKey(Effect.succeed(true))),
  /** Takes away keep and skip: the untrained team that always speaks. */
  alwaysSpeak: Schema.Boolean.pipe(Schema.withDecodingDefaultKey(Effect.succeed(false)))
})
export type ProposeReviewOptions = typeof ProposeReviewOptions.Encoded

/** A propose-review dialogue between two turns. */
export interface ProposeReviewState {
  /** Which of the rotation's seatings the dialogue has. */
  readonly seating: number
  /** The round to be played next, from 1. */
  readonly round: number
  /** RIGHT verdicts minus WRONG verdicts on the pending answer. */
  readonly votes: number
  readonly stopped: boolean
  readonly view: View
}

const propose: Action = { name: "propose", role: "proposer" }
const keep: Action = { name: "keep" }
const review: Action = { name: "review", role: "reviewer" }
const skip: Action = { name: "skip" }

const isProposal = (round: number): boolean => round % 2 === 1

// In a state never seen, a proposer keeps: that loses no right answer and costs nothing. A reviewer speaks: a verdict
// changes no answer by itself, while silence would leave the proposer nothing to decide on.
const proposerTurn = (round: number, seat: Seat, alwaysSpeak: boolean): SeatTurn =>
  round === 1 || alwaysSpeak
    ? { kind: "seat", round, seat, actions: [propose], fallback: "propose" }
    : { kind: "seat", round, seat, actions: [keep, propose], fallback: "keep" }

const reviewerTurn = (round: number, seat: Seat, alwaysSpeak: boolean): SeatTurn => ({
  kind: "seat",
  round,
  seat,
  actions: alwaysSpeak ? [review] : [skip, review],
  fallback: "review"
})

const pendingOf = (act: Act): PendingAnswer => {
  const text = act.utterance?.text ?? ""
  const reading = act.utterance?.reading
  return reading?.kind === "proposal" ? { text, answer: reading.answer } : { text }
}

const voteOf = (act: Act): -1 | 0 | 1 => {
  const reading = act.utterance?.reading
  if (reading?.kind !== "verdict") return 0
  return reading.verdict === "right" ? 1 : -1
}

const entryOf = (
  { round, seat: { agent, name: seat } }: SeatTurn,
  { name: action, role }: Action,
  said: Act["utterance"]
): TranscriptEntry => {
  if (role === undefined) return { round, agent, seat, action }
  if (said === undefined) return { round, agent, seat, action, role, text: "" }
  return { round, agent, seat, action, role, text: said.text, reading: said.reading }
}

const checkAgents = (agents: ReadonlyArray<string>): void => {
  if (agents.length > 0 && new Set(agents).size === agents.length) return
  throw new ConfigError({
    path: "agents",
    message: `agents: propose-review was given [${agents.join(", ")}].`,
    hint: "Give at least one agent, and each a name of its own."
  })
}

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
): Protocol<ProposeReviewState> => {
  const { agents, abstraction: chosen = "votes-and-iteration", ...rest } = options
  checkAgents(agents)
  const { rounds, earlyStop, reviewer, alwaysSpeak, ...decoded } =
    Schema.decodeSync(ProposeReviewOptions)(rest)
  const rotation: Rotation = decoded.rotation ?? (agents.length > 2 ? "rotate" : "fixed")
  const abstraction = typeof chosen === "string" ? abstractions[chosen] : chosen
  const step = reviewer ? 1 : 2
  const proposalsLeft = (round: number) => Math.floor((rounds + 1) / 2) - Math.floor(round / 2)

  // Turns depend on the seating and the round alone, so they are made once: engines ask for them all the time.
  const turns: ReadonlyArray<ReadonlyArray<SeatTurn>> = Array.from(
    { length: seatingPeriod(agents.length, rotation) },
    (_, episode) => {
      const seating = seatingOf(agents, rotation, episode)
      return Array.from({ length: rounds }, (_, i) => {
        const pair = Math.floor(i / 2)
        return isProposal(i + 1)
          ? proposerTurn(i + 1, seating.proposer(pair), alwaysSpeak)
          : reviewerTurn(i + 1, seating.reviewer(pair), alwaysSpeak)
      })
    }
  )
  const seats = new Map(
    turns
      .flat()
      .filter((turn) => reviewer || isProposal(turn.round))
      .map(({ seat }) => [seat.controller, seat] as const)
  )

  return {
    name: "propose-review",
    seats: [...seats.values()],
    roles: reviewer && rounds > 1 ? ["proposer", "reviewer"] : ["proposer"],
    start: (task, episode) => ({
      seating: episode % turns.length,
      round: 1,
      votes: 0,
      stopped: false,
      view: { task, transcript: [] }
    }),
    turn: ({ seating, round, stopped }) => (stopped ? undefined : turns[seating]?.[round - 1]),
    observe: ({ votes, view }, { round, seat }) => {
      const { pending } = view
      const state: PublicState = {
        seat: isProposal(round) ? "proposer" : "reviewer",
        agent: seat.agent,
        round,
        rounds,
        proposalsLeft: proposalsLeft(round),
        pending: pending === undefined ? "none" : pending.answer === undefined ? "unparsed" : "answer",
        votes,
        view
      }
      return abstraction(state)
    },
    view: (state) => state.view,
    apply: (state, turn, act) => {
      const action = turn.kind === "seat" ? turn.actions.find(({ name }) => name === act.action) : undefined
      if (turn.kind !== "seat" || action === undefined) {
        throw new RangeError(`propose-review: "${act.action}" is not a legal action of round ${state.round}.`)
      }
      const { round } = turn
      const { task } = state.view
      const transcript = [...state.view.transcript, entryOf(turn, action, act.utterance)]
      const proposed = act.action === "propose"
      const pending = proposed ? pendingOf(act) : state.view.pending
      return {
        seating: state.seating,
        round: round + step,
        votes: proposed ? 0 : state.votes + (act.action === "review" ? voteOf(act) : 0),
        stopped: earlyStop && act.action === "keep",
        view: pending === undefined ? { task, transcript } : { task, transcript, pending }
      }
    },
    answer: (state) => state.view.pending?.answer
  }
}

/** One proposer, one round: the team without collaboration. */
export const single = (options: {
  readonly agents: ReadonlyArray<string>
}): Protocol<ProposeReviewState> => ({
  ...proposeReview({ ...options, rounds: 1 }),
  name: "single"
})
