import type { Controller, StrategyMode } from "@tracer-sdk/core"
import type { GameNode, GameTree, InfoSet, Profile } from "./game-tree.ts"

/** A profile read from controllers; throws `RangeError` where a controller that the game names is missing. */
export const profileOf =
  (controllers: ReadonlyMap<string, Controller>, mode: StrategyMode): Profile =>
  ({ controller, info, legal }) => {
    const found = controllers.get(controller)
    if (found !== undefined) return found.strategy(info, legal, mode)
    throw new RangeError(
      `The game has no controller "${controller}"; it has: ${[...controllers.keys()].join(", ")}.`
    )
  }

/**
 * Counterfactual regret minimisation: in every iteration each information set's controller is given the
 * counterfactual values of its actions, once, with the probability with which the seat's own moves lead there.
 *
 * The average strategies approach a Nash equilibrium in two-player zero-sum games with perfect recall.
 * Source: Zinkevich et al. 2007.
 */
export const counterfactualRegretMinimisation = (
  tree: GameTree,
  controllers: ReadonlyMap<string, Controller>,
  iterations: number
): void => {
  const current = profileOf(controllers, "current")
  for (let iteration = 0; iteration < iterations; iteration++) {
    const strategies = new Map(tree.infoSets.map((infoSet) => [infoSet, current(infoSet)]))
    const gathered = new Map<InfoSet, { readonly values: Array<number>; reach: number }>()

    /** Expected payoffs by seat; `reach` holds each seat's own probability of coming here, `chance` nature's. */
    const walk = (node: GameNode, reach: ReadonlyArray<number>, chance: number): ReadonlyArray<number> => {
      if (node.kind === "end") return tree.seats.map((seat) => node.payoffs[seat] ?? 0)
      const totals = tree.seats.map(() => 0)
      const add = (payoffs: ReadonlyArray<number>, weight: number) => {
        for (const [i, payoff] of payoffs.entries()) totals[i] = (totals[i] ?? 0) + weight * payoff
      }
      if (node.kind === "chance") {
        for (const { probability, next } of node.branches) {
          add(walk(next, reach, chance * probability), probability)
        }
        return totals
      }
      const { infoSet, children } = node
      const player = tree.seats.indexOf(infoSet.seat)
      const strategy = strategies.get(infoSet) ?? []
      const others = reach.reduce((product, r, i) => (i === player ? product : product * r), chance)
      const own = reach[player] ?? 0
      const sums = gathered.get(infoSet) ?? { values: children.map(() => 0), reach: own }
      gathered.set(infoSet, sums)
      for (const [a, child] of children.entries()) {
        const probability = strategy[a] ?? 0
        const below = walk(
          child,
          reach.map((r, i) => (i === player ? r * probability : r)),
          chance
        )
        add(below, probability)
        sums.values[a] = (sums.values[a] ?? 0) + others * (below[player] ?? 0)
      }
      return totals
    }
    walk(
      tree.root,
      tree.seats.map(() => 1),
      1
    )
    for (const [{ controller, info, legal }, { values, reach }] of gathered) {
      controllers.get(controller)?.update(info, legal, values, { reach })
    }
  }
}
