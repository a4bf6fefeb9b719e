import { Effect, Schema } from "effect"
import type { CreditAssigner, Dialogue, PlayedTurn } from "../credit.ts"
import { eagerAll } from "../engine/eager-all.ts"
import type { PolicyError } from "../errors.ts"
import { seedKey, split } from "../random.ts"
import { continuationValues } from "./decision-values.ts"
import { countOption, tokenCostOption } from "./options.ts"
import { creditConcurrency, returnOf, withContinuations } from "./returns.ts"
import { shapleyValues } from "./shapley-values.ts"

export const ShapleyOptions = Schema.Struct({
  /** Whether those who are heard repeat themselves, or answer anew to what is left. */
  how: Schema.Literals(["frozen", "anew"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("frozen" as const))
  ),
  /** With more speakers than this, values are sampled; at most 12, which are 4,096 coalitions. */
  exactUpTo: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 12 })).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(8))
  ),
  /** Orders of the speakers that are sampled. */
  permutations: countOption(64),
  tokenCost: tokenCostOption(0.1)
})
export type ShapleyOptions = typeof ShapleyOptions.Encoded

/** Every one of them replays many coalitions at the same time. */
const dialoguesAtOnce = 8

/** What a speaker is worth to a dialogue, and in how many turns it spoke. */
export interface SpeakerWorth {
  readonly agent: string
  readonly seat: string
  readonly spoke: number
  /** Its Shapley value: an outcome's return is +1 or -1, less its tokens' cost. */
  readonly value: number
}

const isOf = (speaker: { readonly agent: string; readonly seat: string }, { turn: { seat } }: PlayedTurn) =>
  seat.agent === speaker.agent && seat.name === speaker.seat

/** Who had a turn, in the order in which they first did, and in how many they spoke. */
const speakersOf = ({ turns }: Dialogue): ReadonlyArray<Omit<SpeakerWorth, "value">> => {
  const speakers = new Map<string, Omit<SpeakerWorth, "value">>()
  for (const { turn, utterance } of turns) {
    const { agent, name: seat } = turn.seat
    const name = JSON.stringify([agent, seat])
    const spoke = (speakers.get(name)?.spoke ?? 0) + (utterance === undefined ? 0 : 1)
    speakers.set(name, { agent, seat, spoke })
  }
  return [...speakers.values()]
}

/**
 * The Shapley values of a dialogue's speakers, (agent, seat) each: a coalition is worth the return of the dialogue's replay in which
 * only its members are heard.
 *
 * Frozen, who never spoke adds nothing to anybody and has the value 0; `anew`, silence counts by what it would have said without the
 * others. Sampled orders are a function of the dialogue's number.
 */
export const speakerWorths = (
  dialogue: Dialogue,
  options: ShapleyOptions = {}
): Effect.Effect<ReadonlyArray<SpeakerWorth>, PolicyError> => {
  const { how, exactUpTo, permutations, tokenCost } = Schema.decodeSync(ShapleyOptions)(options)
  const speakers = speakersOf(dialogue)
  const players = speakers.filter(({ spoke }) => how === "anew" || spoke > 0)
  const values = shapleyValues(
    players.length,
    (coalition) =>
      Effect.mapEager(
        dialogue.replay(
          (turn) => players.some((player, i) => coalition[i] === true && isOf(player, turn)),
          how
        ),
        (outcome) => returnOf(outcome, tokenCost)
      ),
    {
      exactUpTo,
      permutations,
      key: split(seedKey(0), "shapley", dialogue.episode),
      concurrency: creditConcurrency
    }
  )
  return Effect.mapEager(values, (worths) =>
    speakers.map((speaker) => ({ ...speaker, value: worths[players.indexOf(speaker)] ?? 0 }))
  )
}

/**
 * Credits utterances with their speaker's Shapley value in the dialogue.
 *
 * A speaker's value phi is shared out evenly among the n turns that it spoke in; that is what the utterance earns that was spoken. Each of
 * its group's others earns as much more as the dialogue ends better when it is played on from that utterance, since the others' shares
 * would stay what they are:
 *
 *     r_i = phi / n + (R_i - R_0),    R_i = +1 or -1 by the end of its continuation, less its tokens' cost
 *
 * The spoken utterances of a dialogue thus earn together what all speakers are worth to it, but for the shares that `anew` gives to speakers
 * who stayed silent. Decisions have their continuation values.
 */
export const shapleyCredit = (options: ShapleyOptions = {}): CreditAssigner => {
  const settings = Schema.decodeSync(ShapleyOptions)(options)
  const { tokenCost } = settings
  return {
    name: "shapley",
    decision: continuationValues(tokenCost),
    utterances: Effect.fnUntracedEager(function* (groups, dialogues) {
      const played = [...new Set(groups.map(({ episode }) => episode))].flatMap(
        (episode) => dialogues.get(episode) ?? []
      )
      const worths = yield* eagerAll(
        played.map((dialogue) => speakerWorths(dialogue, settings)),
        dialoguesAtOnce
      )
      const shares = new Map(played.map(({ episode }, i) => [episode, worths[i]]))
      return yield* withContinuations(groups, dialogues, (group, { episode }, continuations) => {
        const own = shares
          .get(episode)
          ?.find(({ agent, seat }) => agent === group.agent && seat === group.seat)
        const share = own === undefined || own.spoke === 0 ? 0 : own.value / own.spoke
        const returns = continuations.map((outcome) => returnOf(outcome, tokenCost))
        return { rewards: returns.map((value) => share + value - (returns[0] ?? 0)), weight: 1 }
      })
    })
  }
}
