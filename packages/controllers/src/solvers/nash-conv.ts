import { expectedReturns, type GameNode, type GameTree, type InfoSet, type Profile } from "./game-tree.ts"
import { tabulate } from "./profile.ts"

/**
 * The most that `seat` can earn on average when all others play `profile`.
 *
 * Exact where the seat remembers everything it has seen and done (perfect recall).
 */
export const bestResponseValue = (tree: GameTree, seat: string, profile: Profile): number => {
  const strategies = tabulate(tree, profile)
  const positions: Array<Array<{ readonly children: ReadonlyArray<GameNode>; readonly reach: number }>> =
    tree.infoSets.map(() => [])
  const collect = (node: GameNode, reach: number): void => {
    if (node.kind === "chance") {
      for (const { probability, next } of node.branches) collect(next, reach * probability)
    } else if (node.kind === "decision") {
      const { infoSet, children } = node
      const own = infoSet.seat === seat
      if (own) positions[infoSet.index]?.push({ children, reach })
      const strategy = strategies[infoSet.index] ?? []
      for (const [a, child] of children.entries()) collect(child, own ? reach : reach * (strategy[a] ?? 0))
    }
  }
  collect(tree.root, 1)

  const chosen: Array<number | undefined> = tree.infoSets.map(() => undefined)
  const best = ({ index, legal }: InfoSet): number => {
    const known = chosen[index]
    if (known !== undefined) return known
    let choice = 0
    let highest = Number.NEGATIVE_INFINITY
    for (let a = 0; a < legal.names.length; a++) {
      let total = 0
      for (const { children, reach } of positions[index] ?? []) {
        const child = children[a]
        if (child !== undefined && reach > 0) total += reach * value(child)
      }
      if (total > highest) {
        highest = total
        choice = a
      }
    }
    chosen[index] = choice
    return choice
  }
  // A position is valued when its own set chooses, and again from above: once is enough.
  const values = new Map<GameNode, number>()
  const value = (node: GameNode): number => {
    if (node.kind === "end") return node.payoffs[seat] ?? 0
    const known = values.get(node)
    if (known !== undefined) return known
    let total = 0
    if (node.kind === "chance") {
      for (const { probability, next } of node.branches) total += probability * value(next)
    } else if (node.infoSet.seat === seat) {
      const child = node.children[best(node.infoSet)]
      total = child === undefined ? 0 : value(child)
    } else {
      const strategy = strategies[node.infoSet.index] ?? []
      for (const [a, child] of node.children.entries()) {
        const probability = strategy[a] ?? 0
        if (probability > 0) total += probability * value(child)
      }
    }
    values.set(node, total)
    return total
  }
  return value(tree.root)
}

/**
 * How far a profile is from a Nash equilibrium: the sum over the seats of what each would gain by a best response.
 *
 * Source: Lanctot et al. 2017. In a two-player zero-sum game exploitability is half of it.
 */
export const nashConv = (tree: GameTree, profile: Profile): number => {
  const returns = expectedReturns(tree, profile)
  let total = 0
  for (const seat of tree.seats) total += bestResponseValue(tree, seat, profile) - (returns[seat] ?? 0)
  return total
}

/** What a best responder earns on average above the game's value, of a two-player zero-sum game: half of `nashConv`. */
export const exploitability = (tree: GameTree, profile: Profile): number => nashConv(tree, profile) / 2
