import type { Seat } from "../protocol.ts"
import { seatAt } from "./parts/part.ts"

/** `fixed`: the first agent proposes and the others take turns to review. `rotate`: everybody meets both seats. */
export type Rotation = "fixed" | "rotate"

/** The seats of one dialogue: `proposer(i)` and `reviewer(i)` are those of its i-th pair of rounds, from 0. */
export interface Seating {
  readonly proposer: (pair: number) => Seat
  readonly reviewer: (pair: number) => Seat
}

/** The number of dialogues after which a rotation repeats itself. */
export const seatingPeriod = (agents: number, rotation: Rotation): number =>
  rotation === "fixed" ? Math.max(1, agents - 1) : agents * Math.max(1, agents - 1)

/**
 * Who sits where in the `episode`-th dialogue.
 *
 * Rotating, pair i of dialogue e is proposed by agent (e + i) mod n and reviewed by the one d places further, where
 * d = 1 + floor(e / n) mod (n - 1) is fixed within a dialogue. Both maps are bijections of i modulo n, so each agent
 * proposes and reviews exactly once in any n pairs whatever the parity of n, and within n (n - 1) dialogues everybody
 * opens once with everybody else as reviewer. An agent alone reviews itself.
 */
export const seatingOf = (agents: ReadonlyArray<string>, rotation: Rotation, episode: number): Seating => {
  const n = agents.length
  const others = Math.max(1, n - 1)
  const distance = n === 1 ? 0 : 1 + (Math.floor(episode / n) % others)
  const at = (index: number, name: "proposer" | "reviewer") => seatAt(agents[index % n] ?? "", name)
  return rotation === "fixed"
    ? {
        proposer: () => at(0, "proposer"),
        reviewer: (pair) => at(n === 1 ? 0 : 1 + ((episode + pair) % others), "reviewer")
      }
    : {
        proposer: (pair) => at(episode + pair, "proposer"),
        reviewer: (pair) => at(episode + pair + distance, "reviewer")
      }
}
