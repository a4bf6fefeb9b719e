import { Effect } from "effect"
import { eagerAll } from "../engine/eager-all.ts"
import { type RandomKey, shuffle, split } from "../random.ts"

/** Which of the players, by index, belong to a coalition. */
export type Coalition = ReadonlyArray<boolean>

/** What a coalition is worth. */
export type CoalitionWorth<E> = (coalition: Coalition) => Effect.Effect<number, E>

/** How far Shapley values are computed exactly, and how they are sampled beyond. */
export interface ShapleySettings {
  /** More players than this are sampled. */
  readonly exactUpTo: number
  /** Orders of the players that are sampled; every second one is the reverse of the one before it. */
  readonly permutations: number
  /** Names the sampled orders. */
  readonly key: RandomKey
  /** Coalitions that are valued at the same time. */
  readonly concurrency: number
}

/** The worth of a coalition met on the way, weighted into one player's value. */
interface Term {
  readonly player: number
  readonly coalition: Coalition
  readonly weight: number
}

/** `phi_i = sum_S |S|! (n - |S| - 1)! / n! (v(S + i) - v(S))`, over the coalitions S without i. */
const exactTerms = (n: number): ReadonlyArray<Term> => {
  const players = Array.from({ length: n }, (_, player) => player)
  const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1))
  return Array.from({ length: 2 ** n }, (_, mask) =>
    players.map((player) => (mask & (1 << player)) !== 0)
  ).flatMap((coalition) => {
    const size = coalition.filter(Boolean).length
    return players.map((player) => {
      const others = coalition[player] === true ? size - 1 : size
      const weight = (factorial(others) * factorial(n - others - 1)) / factorial(n)
      return { player, coalition, weight: coalition[player] === true ? weight : -weight }
    })
  })
}

/** What each player adds to those before it, in sampled orders. */
const sampledTerms = (n: number, { permutations, key }: ShapleySettings): ReadonlyArray<Term> => {
  const players = Array.from({ length: n }, (_, player) => player)
  const weight = 1 / permutations
  return Array.from({ length: permutations }, (_, k) => {
    const order = shuffle(split(key, Math.floor(k / 2)), players)
    const present = players.map(() => false)
    return (k % 2 === 0 ? order : order.reverse()).flatMap((player): ReadonlyArray<Term> => {
      const without = [...present]
      present[player] = true
      return [
        { player, coalition: without, weight: -weight },
        { player, coalition: [...present], weight }
      ]
    })
  }).flat()
}

/**
 * The Shapley values of a game's players: what each adds to the others, averaged over all orders of joining; exact where there are few,
 * by sampled orders, as many forwards as backwards, where there are more. Either way they sum to the worth of all less that of none.
 *
 * Every coalition is valued once. Sources: Shapley 1953; sampling: Castro, Gomez and Tejada 2009; pairs of an order and its reverse:
 * Mitchell et al. 2022.
 */
export const shapleyValues = <E>(
  players: number,
  worth: CoalitionWorth<E>,
  settings: ShapleySettings
): Effect.Effect<ReadonlyArray<number>, E> => {
  const terms = players <= settings.exactUpTo ? exactTerms(players) : sampledTerms(players, settings)
  const nameOf = (coalition: Coalition) => coalition.map((member) => (member ? 1 : 0)).join("")
  const coalitions = new Map(terms.map(({ coalition }) => [nameOf(coalition), coalition]))
  const valued = eagerAll([...coalitions.values()].map(worth), settings.concurrency)
  return Effect.mapEager(valued, (worths) => {
    const known = new Map([...coalitions.keys()].map((name, i) => [name, worths[i] ?? 0]))
    const values = Array.from({ length: players }, () => 0)
    for (const { player, coalition, weight } of terms) {
      values[player] = (values[player] ?? 0) + weight * (known.get(nameOf(coalition)) ?? 0)
    }
    return values
  })
}
