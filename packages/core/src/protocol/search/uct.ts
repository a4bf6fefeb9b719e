import { firstBest } from "../parts/first-best.ts"
import { childrenOf, meanValue, type Thought, type ThoughtTree } from "./thought.ts"

/**
 * What speaks for a child: the mean of its values, and more the seldomer it was visited, `Q + c sqrt(ln N / n)`.
 *
 * Source: Kocsis and Szepesvári 2006 (UCT), with `exploration` for the constant c; visits are at least 1.
 */
export const uct = (parent: Thought, child: Thought, exploration: number): number =>
  meanValue(child) + exploration * Math.sqrt(Math.log(parent.visits) / child.visits)

/** The leaf that one comes to from the root by the child of the highest UCT each time; of several alike, the first that was said. */
export const selectLeaf = (tree: ThoughtTree, exploration: number): number => {
  let at = 0
  for (let parent = tree[at]; parent !== undefined; parent = tree[at]) {
    const from = parent
    const next = firstBest(childrenOf(tree, at), (index) => {
      const child = tree[index]
      return child === undefined ? 0 : uct(from, child, exploration)
    })
    if (next === undefined) return at
    at = next
  }
  return at
}

/** The leaf that one comes to by the child most visited each time; of several alike by the better, then by the first. */
export const mostVisitedLeaf = (tree: ThoughtTree): number => {
  let at = 0
  for (;;) {
    const next = firstBest(
      childrenOf(tree, at),
      (index) => tree[index]?.visits ?? 0,
      (index) => (tree[index] === undefined ? 0 : meanValue(tree[index]))
    )
    if (next === undefined) return at
    at = next
  }
}
