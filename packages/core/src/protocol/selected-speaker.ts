import { Effect, Schema } from "effect"
import { ConfigError } from "../errors.ts"
import type { Protocol, Seat } from "../protocol.ts"
import { decodeOptions } from "./decode-options.ts"
import { requireAgent, requireAgents } from "./members.ts"
import { countField } from "./option-fields.ts"
import {
  type Board,
  choose,
  type DialogueState,
  type Move,
  once,
  type Part,
  protocolOf,
  rounds,
  say,
  seatAt,
  sequence,
  stay,
  until,
  voteInfo
} from "./parts/index.ts"

const Speaker = Schema.Struct({
  agent: Schema.String,
  /** How it speaks. */
  role: Schema.String,
  /** As the selector calls it; by default its role, where no other speaker has it, else role and agent. */
  name: Schema.optionalKey(Schema.String)
})

/** A group chat with a selected speaker as a configuration states it. */
export const SelectedSpeakerOptions = Schema.Struct({
  /** Most turns that speakers take, the first one included. */
  turns: countField(6),
  /** Who can be selected; the first one opens. By default the first agent proposes and the others review. */
  speakers: Schema.optionalKey(Schema.Array(Speaker).check(Schema.isMinLength(1))),
  /** The agent that selects; by default the last one. */
  selector: Schema.optionalKey(Schema.String),
  /** Whether the selector is asked in the role `selector`, or its controller decides without a word. */
  select: Schema.Literals(["role", "controller"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("role" as const))
  )
})
export type SelectedSpeakerOptions = typeof SelectedSpeakerOptions.Encoded

/** The option that ends the dialogue, and the seat that may take it. */
const end = "end"
const selectorSeat = "selector"

interface Place {
  readonly name: string
  readonly role: string
  readonly seat: Seat
}

type SpeakerChoice = typeof Speaker.Type

const defaultSpeakers = ([first = "", ...others]: ReadonlyArray<string>): ReadonlyArray<SpeakerChoice> => [
  { agent: first, role: "proposer" },
  ...(others.length === 0 ? [first] : others).map((agent) => ({ agent, role: "reviewer" }))
]

const placesOf = (
  speakers: ReadonlyArray<SpeakerChoice>,
  agents: ReadonlyArray<string>
): ReadonlyArray<Place> => {
  const places = speakers.map(({ agent, role, name }, i) => {
    requireAgent(`speakers[${i}].agent`, agent, agents)
    const alone = speakers.filter((other) => other.role === role).length === 1
    const called = name ?? (alone ? role : `${role} ${agent}`)
    return { name: called, role, seat: seatAt(agent, called) }
  })
  const names = places.map(({ name }) => name)
  if (new Set([...names, end, selectorSeat]).size < names.length + 2) {
    throw new ConfigError({
      path: "protocol.speakers",
      message: `protocol.speakers: the speakers are called [${names.join(", ")}].`,
      hint: `Give every speaker a name of its own, other than "${end}" and "${selectorSeat}".`
    })
  }
  return places
}

/**
 * A group chat: the first speaker opens, then before each turn a selector names who speaks next, or ends the dialogue; the pending answer
 * is the dialogue's.
 *
 * What a speaker says counts as its role reads it: a proposal becomes the pending answer, a verdict is a vote on it. Where the selector's
 * choice cannot be read, the speaker after the last one in the list is next. Selected by a controller, `end` and the speakers are the
 * actions of a silent turn. Throws `ConfigError` on an empty or repeated list of agents, unknown agents, and names that repeat. Source: the
 * speaker selection of group chats in Wu et al. 2023, "AutoGen: enabling next-gen LLM applications via multi-agent conversation".
 */
export const selectedSpeaker = (
  options: SelectedSpeakerOptions & { readonly agents: ReadonlyArray<string> }
): Protocol<DialogueState> => {
  const { agents, ...stated } = options
  requireAgents("selected-speaker", agents)
  const decoded = decodeOptions("selected-speaker", SelectedSpeakerOptions, stated)
  const { turns, select, selector = agents.at(-1) ?? "" } = decoded
  requireAgent("selector", selector, agents)
  const places = placesOf(decoded.speakers ?? defaultSpeakers(agents), agents)
  const names = places.map(({ name }) => name)

  const speaking = places.map(({ role, seat }) => once(seat, [say(role)]))
  const lastSpeaker = ({ transcript }: Board): number =>
    transcript.reduce((last, { seat }) => (names.includes(seat) ? names.indexOf(seat) : last), -1)
  const chosen = ({ transcript }: Board): string | undefined => {
    const { seat, role, reading, action } = transcript.at(-1) ?? {}
    if (seat !== selectorSeat) return undefined
    if (role === undefined) return action
    return reading?.kind === "choice" ? reading.choice : undefined
  }
  const next = (board: Board): number => {
    const named = names.indexOf(chosen(board) ?? "")
    return named === -1 ? (lastSpeaker(board) + 1) % places.length : named
  }
  const offered = [...names, end]
  const asking: Move = { name: "select", role: "selector" }
  const seat = seatAt(selector, selectorSeat)
  const selecting = (last: boolean): Part =>
    select === "role"
      ? once(seat, [asking], { view: (view) => ({ ...view, options: offered }) })
      : once(
          seat,
          offered.map((name) => stay(name)),
          {
            fallback: end,
            info: (board) =>
              `${voteInfo(board)} spoke=${names[lastSpeaker(board)] ?? "nobody"} round=${last ? "last" : "open"}`
          }
        )
  const [opening] = speaking
  const ended = (board: Board): boolean => chosen(board) === end
  return protocolOf({
    name: "selected-speaker",
    play: sequence(
      ...(opening === undefined ? [] : [opening]),
      until(
        ended,
        rounds(turns - 1, (i) => sequence(selecting(i === turns - 2), choose(next, ...speaking)))
      )
    )
  })
}
