import { expectedReturns, type GameNode, type GameTree, type InfoSet, type Profile } from "./game-tree.ts"

/**
 * The most that `seat` can earn on average when all others play `profile`.
 *
 * Exact where the seat remembers everything it has seen and done (perfect recall).
 */
export const bestResponseValue = (tree: GameTree, seat: string, profile: Profile): number => {
  const positions = new Map<InfoSet, Array<{ readonly children: ReadonlyArray<GameNode>; reach: number }>>()
  const collect = (node: GameNode, reach: number): void => {
    if (node.kind === "chance") {
      for (const { probability, next } of node.branches) collect(next, reach * probability)
    } else if (node.kind === "decision") {
      const { infoSet, children } = node
      const own = infoSet.seat === seat
      if (own) {
        const held = positions.get(infoSet) ?? []
        held.push({ children, reach })
        positions.set(infoSet, held)
      }
      const strategy = own ? undefined : profile(infoSet)
      for (const [a, child] of children.entries()) {
        collect(child, strategy === undefined ? reach : reach * (strategy[a] ?? 0))
      }
    }
  }
  collect(tree.root, 1)

  const chosen = new Map<InfoSet, number>()
  const best = (infoSet: InfoSet): number => {
    const known = chosen.get(infoSet)
    if (known !== undefined) return known
    let choice = 0
    let highest = Number.NEGATIVE_INFINITY
    for (let a = 0; a < infoSet.legal.names.length; a++) {
      let total = 0
      for (const { children, reach } of positions.get(infoSet) ?? []) {
        const child = children[a]
        if (child !== undefined && reach > 0) total += reach * value(child)
      }
      if (total > highest) {
        highest = total
        choice = a
      }
    }
    chosen.set(infoSet, choice)
    return choice
  }
  const value = (node: GameNode): number => {
    if (node.kind === "end") return node.payoffs[seat] ?? 0
    let total = 0
    if (node.kind === "chance") {
      for (const { probability, next } of node.branches) total += probability * value(next)
      return total
    }
    if (node.infoSet.seat === seat) {
      const child = node.children[best(node.infoSet)]
      return child === undefined ? 0 : value(child)
    }
    const strategy = profile(node.infoSet)
    for (const [a, child] of node.children.entries()) {
      const probability = strategy[a] ?? 0
      if (probability > 0) total += probability * value(child)
    }
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
