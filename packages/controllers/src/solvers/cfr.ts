import type { Controller } from "@tracer-sdk/core"
import type { GameNode, GameTree } from "./game-tree.ts"
import { controllerOf, profileOf, tabulate } from "./profile.ts"

/** How an iteration of counterfactual regret minimisation goes. */
export interface CfrOptions {
  /**
   * `simultaneous`: everyone learns from the same strategies. `alternating`: one seat after the other, each from what those before it
   * have just learned, as CFR+ and its successors do. Default `simultaneous`.
   */
  readonly updates?: "simultaneous" | "alternating"
}

/** What a seat's information sets learn in one iteration: values by index, and the reach of the seat's own moves. */
interface Gathered {
  readonly values: Array<number>
  readonly reach: number
}

/**
 * Counterfactual regret minimisation: in every iteration each information set's controller is given the
 * counterfactual values of its actions, once, with the probability with which the seat's own moves lead there.
 *
 * The average strategies approach a Nash equilibrium in two-player zero-sum games with perfect recall. With `rm+` controllers and
 * alternating updates it is CFR+; with `linear`, `dcfr` and `predictive` ones it is those algorithms.
 * Source: Zinkevich et al. 2007; alternating updates: Tammelin et al. 2015.
 */
export const counterfactualRegretMinimisation = (
  tree: GameTree,
  controllers: ReadonlyMap<string, Controller>,
  iterations: number,
  { updates = "simultaneous" }: CfrOptions = {}
): void => {
  const current = profileOf(controllers, "current")

  /** Values of one seat's actions under fixed strategies. */
  const gather = (seat: string, strategies: ReadonlyArray<ReadonlyArray<number>>) => {
    const gathered: Array<Gathered | undefined> = tree.infoSets.map(() => undefined)
    /** The seat's expected payoff; `own` and `others` are the probabilities with which its moves and all others' lead here. */
    const walk = (node: GameNode, own: number, others: number): number => {
      if (node.kind === "end") return node.payoffs[seat] ?? 0
      let total = 0
      if (node.kind === "chance") {
        for (const { probability, next } of node.branches)
          total += probability * walk(next, own, others * probability)
        return total
      }
      const { infoSet, children } = node
      const strategy = strategies[infoSet.index] ?? []
      if (infoSet.seat !== seat) {
        for (let a = 0; a < children.length; a++) {
          const child = children[a]
          const probability = strategy[a] ?? 0
          if (child !== undefined) total += probability * walk(child, own, others * probability)
        }
        return total
      }
      let sums = gathered[infoSet.index]
      if (sums === undefined) {
        sums = { values: children.map(() => 0), reach: own }
        gathered[infoSet.index] = sums
      }
      for (let a = 0; a < children.length; a++) {
        const child = children[a]
        const probability = strategy[a] ?? 0
        const below = child === undefined ? 0 : walk(child, own * probability, others)
        total += probability * below
        sums.values[a] = (sums.values[a] ?? 0) + others * below
      }
      return total
    }
    walk(tree.root, 1, 1)
    return gathered
  }

  const learn = (gathered: ReadonlyArray<Gathered | undefined>) => {
    for (const infoSet of tree.infoSets) {
      const sums = gathered[infoSet.index]
      if (sums === undefined) continue
      controllerOf(controllers, infoSet).update(infoSet.info, infoSet.legal, sums.values, {
        reach: sums.reach
      })
    }
  }

  for (let iteration = 0; iteration < iterations; iteration++) {
    if (updates === "simultaneous") {
      const strategies = tabulate(tree, current)
      const all = tree.seats.map((seat) => gather(seat, strategies))
      for (const gathered of all) learn(gathered)
    } else {
      for (const seat of tree.seats) learn(gather(seat, tabulate(tree, current)))
    }
  }
}
