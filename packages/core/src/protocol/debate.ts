import { Schema } from "effect"
import type { InfoState, Protocol, Seat } from "../protocol.ts"
import { graderFor } from "../task/grader-for.ts"
import type { View } from "../transcript.ts"
import { decodeOptions } from "./decode-options.ts"
import { type Members, requireAgents } from "./members.ts"
import { requireTurns } from "./most-turns.ts"
import { countField, switchField } from "./option-fields.ts"
import {
  type Board,
  type DialogueState,
  type Faction,
  factionsOnBoard,
  lastProposals,
  once,
  type Part,
  type Proposal,
  parallel,
  propose,
  protocolOf,
  rounds,
  seatAt,
  sequence,
  stay,
  vote
} from "./parts/index.ts"

/** A debate as a configuration states it. */
export const DebateOptions = Schema.Struct({
  /** How many debate; by default the team's agents, at least 2. Where they are more than the agents, agents take several places. */
  debaters: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100 }))),
  /** Rounds in which everybody answers, the first one included. */
  rounds: countField(3),
  /** `false` lets a debater keep its last answer. */
  alwaysSpeak: switchField(true)
})
export type DebateOptions = typeof DebateOptions.Encoded

/** An agent at several places learns for all of them alike. */
const seatsOf = (agents: ReadonlyArray<string>, debaters: number): ReadonlyArray<Seat> =>
  Array.from({ length: debaters }, (_, i) => {
    const seat = seatAt(agents[i % agents.length] ?? "", "debater")
    const place = Math.floor(i / agents.length) + 1
    return place === 1 ? seat : { ...seat, name: `debater ${place}` }
  })

const isOf =
  ({ agent, name }: Seat) =>
  (proposal: Proposal): boolean =>
    proposal.agent === agent && proposal.seat === name

/** The debater's own last answer as the pending one, and of the transcript the last answers of the others. */
const debaterView =
  (seat: Seat) =>
  (view: View, board: Board): View => {
    const last = lastProposals(board)
    const own = last.find(isOf(seat))
    const heard = new Set(last.filter((proposal) => !isOf(seat)(proposal)).map(({ round }) => round))
    const { text = "", answer } = own ?? {}
    return {
      task: view.task,
      transcript: view.transcript.filter(({ round }) => heard.has(round)),
      ...(own === undefined ? {} : { pending: answer === undefined ? { text } : { text, answer } })
    }
  }

/** How many of the others' last answers are the debater's own, and whether there is another round, as in `agree=1/2 round=last`. */
const debaterInfo =
  (seat: Seat, last: boolean, factionsOf: (board: Board) => ReadonlyArray<Faction>) =>
  (board: Board): InfoState => {
    const answers = lastProposals(board)
    const faction = factionsOf(board).find(({ members }) => members.some(isOf(seat)))
    const agree = faction === undefined ? "unparsed" : `${faction.members.length - 1}/${answers.length - 1}`
    return `agree=${agree} round=${last ? "last" : "open"}`
  }

/**
 * In the first round every debater answers by itself; in each further round everybody sees the last answers of the others and answers
 * anew, all at once; the majority of the last answers is taken, of several alike the one of the first debater who gave it.
 *
 * Throws `ConfigError` on an empty or repeated list of agents, and on more than 10,000 turns. Source: Du et al. 2023, "Improving
 * factuality and reasoning in language models through multiagent debate".
 */
export const debate = (options: DebateOptions & Members): Protocol<DialogueState> => {
  const { agents, grader = graderFor, ...stated } = options
  requireAgents("debate", agents)
  const decoded = decodeOptions("debate", DebateOptions, stated)
  const { debaters = Math.max(2, agents.length), alwaysSpeak } = decoded
  requireTurns("debate", debaters * decoded.rounds, "Lower debaters or rounds.")
  const factions = factionsOnBoard(grader, lastProposals)
  const answering = (seat: Seat, round: number): Part =>
    once(seat, round === 0 || alwaysSpeak ? [propose("debater")] : [stay("keep"), propose("debater")], {
      view: debaterView(seat),
      info: debaterInfo(seat, round === decoded.rounds - 1, factions)
    })
  const seats = seatsOf(agents, debaters)
  return protocolOf({
    name: "debate",
    play: sequence(
      rounds(decoded.rounds, (round) => parallel(...seats.map((seat) => answering(seat, round)))),
      vote({ among: lastProposals, grader })
    )
  })
}
