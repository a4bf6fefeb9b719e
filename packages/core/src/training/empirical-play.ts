import { Schema } from "effect"
import type { ActionValues } from "../controller.ts"
import type { InfoState } from "../protocol.ts"

/** A decision as it was taken, with the measured values of its legal actions. */
export interface PlayedDecision {
  readonly controller: string
  readonly info: InfoState
  readonly actions: ReadonlyArray<string>
  readonly played: string
  readonly values: ActionValues
}

/** How far the empirical joint play of training was from equilibrium; both gaps in units of decision values. */
export const EquilibriumGaps = Schema.Struct({
  dialogues: Schema.Int,
  decisions: Schema.Int,
  /** The most that a player would have gained per dialogue by playing one action wherever it played another. */
  correlated: Schema.Number,
  /** The most that a player would have gained per dialogue by always playing one action. */
  coarse: Schema.Number
})
export type EquilibriumGaps = typeof EquilibriumGaps.Type

/** What the seats did together in a dialogue, decision by decision, and in how many dialogues. */
export const JointPlay = Schema.Struct({
  decisions: Schema.Array(
    Schema.Struct({ controller: Schema.String, info: Schema.String, action: Schema.String })
  ),
  dialogues: Schema.Int
})
export type JointPlay = typeof JointPlay.Type

/** The gaps at the end of training, with the joint plays that were commonest. */
export const MeasuredEquilibrium = Schema.Struct({
  ...EquilibriumGaps.fields,
  /** The commonest first. */
  plays: Schema.Array(JointPlay),
  /** Dialogues with other joint plays. */
  otherDialogues: Schema.Int
})
export type MeasuredEquilibrium = typeof MeasuredEquilibrium.Type

/** Follows what the seats of a training do together. */
export interface EmpiricalPlay {
  /** Takes note of one dialogue's decisions, in their order. */
  readonly record: (decisions: ReadonlyArray<PlayedDecision>) => void
  readonly gaps: () => EquilibriumGaps
  readonly measured: () => MeasuredEquilibrium
}

/** What one player, an information state of a controller, would have gained by deviating: `gains[j][k]` sums `v_k - v_j` over its plays of j. */
interface Player {
  /** Names its first action; the others have the numbers after it. */
  readonly number: number
  readonly actions: ReadonlyArray<string>
  readonly gains: Array<Array<number>>
}

/** Joint plays beyond so many different ones are counted together. */
const heldPlays = 10_000
/** So many of them are reported. */
const reportedPlays = 20

const maximum = (values: Iterable<number>): number => {
  let largest = 0
  for (const value of values) largest = Math.max(largest, value)
  return largest
}

const sameNames = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): boolean =>
  a === b || (a.length === b.length && a.every((name, i) => name === b[i]))

/** Orders joint plays that are equally common. */
const nameOf = ({ decisions }: Pick<JointPlay, "decisions">): string =>
  JSON.stringify(decisions.map(Object.values))

/**
 * The empirical joint play of training, in agent normal form: every (controller, information state) is a player of its own, and T
 * counts dialogues.
 *
 * With `v` the values that were measured at a decision, the correlated gap is `max over players and j, k of (1/T) sum_t 1[j was played]
 * (v_k - v_j)`, and the coarse gap `max over players and k of (1/T) sum_t (v_k - v_played)`. They are the internal and the external
 * regret per dialogue (Hart and Mas-Colell 2000): where the values are those of a one-shot game whose players all chose at once, the
 * joint play is an epsilon-correlated equilibrium exactly when the first is at most epsilon.
 *
 * What they are not: values are estimates from a few sampled continuations; the others' play is held to how it was sampled, so that a
 * deviation of several states at once, or one that the others could answer, is not tried; what was played while exploring counts; and
 * the strategies of an evaluation, averages of each player for itself, are another distribution than the joint play measured here.
 */
export const empiricalPlay = (): EmpiricalPlay => {
  const players: Array<Player> = []
  // By controller and information state: every decision of a training is looked up here, and joined keys would be made anew each time.
  const playersOf = new Map<string, Map<InfoState, Array<Player>>>()
  const plays = new Map<string, { readonly decisions: JointPlay["decisions"]; dialogues: number }>()
  let dialogues = 0
  let decisions = 0
  let unheld = 0
  let actionsSeen = 0

  const playerOf = ({ controller, info, actions }: PlayedDecision): Player => {
    const infos = playersOf.get(controller) ?? new Map<InfoState, Array<Player>>()
    playersOf.set(controller, infos)
    const alike = infos.get(info) ?? []
    infos.set(info, alike)
    const known = alike.find((player) => sameNames(player.actions, actions))
    if (known !== undefined) return known
    const player = { number: actionsSeen, actions, gains: actions.map(() => actions.map(() => 0)) }
    actionsSeen += actions.length
    alike.push(player)
    players.push(player)
    return player
  }

  /** Takes note of a decision, and gives the number of its action. */
  const deviate = (decision: PlayedDecision): number => {
    const { played, values } = decision
    const { number, actions, gains } = playerOf(decision)
    const j = actions.indexOf(played)
    const row = gains[j]
    if (row === undefined) throw new RangeError(`"${played}" is none of the actions ${actions.join(", ")}.`)
    const worth = values[j] ?? 0
    for (let k = 0; k < row.length; k++) row[k] = (row[k] ?? 0) + (values[k] ?? 0) - worth
    decisions += 1
    return number + j
  }

  const gaps = (): EquilibriumGaps => {
    const each = (gain: (player: Player) => Iterable<number>) =>
      maximum(Array.from(players, (player) => maximum(gain(player)))) / Math.max(1, dialogues)
    return {
      dialogues,
      decisions,
      correlated: each(({ gains }) => gains.flat()),
      coarse: each(({ actions, gains }) =>
        actions.map((_, k) => gains.reduce((sum, row) => sum + (row[k] ?? 0), 0))
      )
    }
  }

  return {
    gaps,
    record: (taken) => {
      dialogues += 1
      const key = taken.map(deviate).join()
      const held = plays.get(key)
      if (held !== undefined) held.dialogues += 1
      else if (plays.size < heldPlays) {
        const joint = taken.map(({ controller, info, played }) => ({ controller, info, action: played }))
        plays.set(key, { decisions: joint, dialogues: 1 })
      } else unheld += 1
    },
    measured: () => {
      const ordered = Array.from(plays.values(), (play) => ({ play, name: nameOf(play) })).toSorted(
        (a, b) => b.play.dialogues - a.play.dialogues || (a.name < b.name ? -1 : 1)
      )
      const common = ordered.slice(0, reportedPlays).map(({ play }) => ({ ...play }))
      const others = ordered.slice(reportedPlays).reduce((sum, { play }) => sum + play.dialogues, unheld)
      return { ...gaps(), plays: common, otherDialogues: others }
    }
  }
}
