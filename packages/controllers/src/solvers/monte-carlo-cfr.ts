import { type Controller, pickIndex, type RandomKey, seedKey, split, uniform } from "@tracer-sdk/core"
import type { GameNode, GameTree } from "./game-tree.ts"
import { controllerOf } from "./profile.ts"

/** How sampled counterfactual regret minimisation runs. */
export interface MonteCarloOptions {
  /** Names every draw. */
  readonly seed: number
  /** Of outcome sampling: the share of its own moves that the learning seat takes uniformly; above 0, at most 1. Default 0.6. */
  readonly exploration?: number
  /** The number of iterations that earlier calls have done with the same controllers, so that draws are not repeated. Default 0. */
  readonly done?: number
}

type Controllers = ReadonlyMap<string, Controller>

/** Draws one branch of a chance node; every draw has its place on the path for a name. */
const drawBranch = (
  branches: Extract<GameNode, { readonly kind: "chance" }>["branches"],
  u: number
): { readonly probability: number; readonly next: GameNode } => {
  const branch =
    branches[
      pickIndex(
        branches.map(({ probability }) => probability),
        u
      )
    ]
  if (branch === undefined) throw new RangeError("The game has a chance node without outcomes.")
  return branch
}

const childOf = (children: ReadonlyArray<GameNode>, index: number): GameNode => {
  const child = children[index]
  if (child === undefined) throw new RangeError("The game has a decision without actions.")
  return child
}

const iterate = (
  tree: GameTree,
  iterations: number,
  { seed, done = 0 }: MonteCarloOptions,
  name: string,
  traverse: (seat: string, key: RandomKey) => void
): void => {
  const root = split(seedKey(seed), name)
  for (let iteration = done; iteration < done + iterations; iteration++) {
    for (const [i, seat] of tree.seats.entries()) traverse(seat, split(root, iteration, i))
  }
}

/**
 * External-sampling MCCFR: for each seat in turn, chance and the others are sampled, and all of the seat's own moves followed.
 *
 * The controllers are given sampled counterfactual values, which are right on average. The average strategy is weighted by the seat's
 * own reach over the probability of the sample (stochastically weighted averaging): on average by its own reach, times the number of the
 * information set's positions that the others may lead to, which is constant only while they exclude no action. Rare samples weigh
 * much, so that on larger games averages come in more slowly than where they are taken at the others' nodes, which takes a method that
 * controllers do not have. Source: Lanctot et al. 2009.
 */
export const externalSampling = (
  tree: GameTree,
  controllers: Controllers,
  iterations: number,
  options: MonteCarloOptions
): void =>
  iterate(tree, iterations, options, "external-sampling", (seat, key) => {
    let draws = 0
    const walk = (node: GameNode, own: number, sampled: number): number => {
      if (node.kind === "end") return node.payoffs[seat] ?? 0
      if (node.kind === "chance") {
        const { probability, next } = drawBranch(node.branches, uniform(key, draws++))
        return walk(next, own, sampled * probability)
      }
      const { infoSet, children } = node
      const controller = controllerOf(controllers, infoSet)
      const strategy = controller.strategy(infoSet.info, infoSet.legal, "current")
      if (infoSet.seat !== seat) {
        const a = pickIndex(strategy, uniform(key, draws++))
        return walk(childOf(children, a), own, sampled * (strategy[a] ?? 0))
      }
      const values = children.map((child, a) => walk(child, own * (strategy[a] ?? 0), sampled))
      controller.update(infoSet.info, infoSet.legal, values, { reach: own / sampled })
      return values.reduce((sum, value, a) => sum + (strategy[a] ?? 0) * value, 0)
    }
    walk(tree.root, 1, 1)
  })

/**
 * Outcome-sampling MCCFR: for each seat in turn one play is sampled to its end, in which the seat explores, and the states on its way
 * learn from that play alone.
 *
 * The action on the path has the value `u(z) pi(z | after it) / q(z)`, without the others' probabilities, which sampling has taken
 * care of; the others have 0. It is right on average, with far more variance than external sampling, at the cost of one path.
 * Averages are weighted as there. Source: Lanctot et al. 2009.
 */
export const outcomeSampling = (
  tree: GameTree,
  controllers: Controllers,
  iterations: number,
  options: MonteCarloOptions
): void => {
  const { exploration = 0.6 } = options
  if (!(exploration > 0 && exploration <= 1)) {
    throw new RangeError(
      `Outcome sampling was given the exploration ${exploration}; it needs more than 0, at most 1.`
    )
  }
  iterate(tree, iterations, options, "outcome-sampling", (seat, key) => {
    let draws = 0
    /** The payoff over the probability with which the seat's own moves were drawn, times that of its strategy below here. */
    const walk = (node: GameNode, own: number, drawn: number, others: number): number => {
      if (node.kind === "end") return (node.payoffs[seat] ?? 0) / drawn
      if (node.kind === "chance") {
        const { probability, next } = drawBranch(node.branches, uniform(key, draws++))
        return walk(next, own, drawn, others * probability)
      }
      const { infoSet, children } = node
      const controller = controllerOf(controllers, infoSet)
      const strategy = controller.strategy(infoSet.info, infoSet.legal, "current")
      if (infoSet.seat !== seat) {
        const a = pickIndex(strategy, uniform(key, draws++))
        return walk(childOf(children, a), own, drawn, others * (strategy[a] ?? 0))
      }
      const explored = strategy.map((p) => (1 - exploration) * p + exploration / strategy.length)
      const a = pickIndex(explored, uniform(key, draws++))
      const probability = strategy[a] ?? 0
      const value = walk(childOf(children, a), own * probability, drawn * (explored[a] ?? 1), others)
      const values = children.map((_, action) => (action === a ? value : 0))
      controller.update(infoSet.info, infoSet.legal, values, { reach: own / (drawn * others) })
      return probability * value
    }
    walk(tree.root, 1, 1, 1)
  })
}
