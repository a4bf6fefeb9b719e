import { describe, expect, it } from "vitest"
import { backUp, seedling, type Thought, type ThoughtTree } from "./thought.ts"
import { mostVisitedLeaf, selectLeaf, uct } from "./uct.ts"

const thought = (parent: number, visits: number, total: number): Thought => ({
  ...{ parent, depth: 1, text: "", at: 0, status: "open", solutions: [] },
  ...{ visits, total }
})
const root = (visits: number): Thought => thought(-1, visits, 0)

describe("uct", () => {
  it("is the mean value plus what favours seldom visited thoughts", () => {
    // 2/3 + sqrt(ln 4 / 3) = 0.666667 + 0.679779
    expect(uct(root(4), thought(0, 3, 2), 1)).toBeCloseTo(1.346446, 5)
    // 0 + 1.5 sqrt(ln 4 / 1) = 1.5 x 1.177410
    expect(uct(root(4), thought(0, 1, 0), 1.5)).toBeCloseTo(1.766115, 5)
    expect(uct(root(4), thought(0, 3, 2), 0)).toBeCloseTo(2 / 3, 12)
  })
})

describe("a leaf", () => {
  // Children of the root: 2 of 3 visits well (1.346), 0 of 1 (1.177); below the first: 1 of 1, 0 of 1.
  const tree: ThoughtTree = [root(4), thought(0, 3, 2), thought(0, 1, 0), thought(1, 1, 1), thought(1, 1, 0)]

  it("is selected by the highest UCT all the way down", () => {
    expect(selectLeaf(tree, 1)).toBe(3)
    // 2/3 + 3 x 0.679779 = 2.706 < 3 x 1.177410 = 3.532
    expect(selectLeaf(tree, 3)).toBe(2)
    expect(selectLeaf(seedling, 1)).toBe(0)
  })

  it("is the first of several that are alike", () => {
    expect(selectLeaf([root(2), thought(0, 1, 1), thought(0, 1, 1)], 1)).toBe(1)
  })

  it("is the most visited where that is asked for, then the better, then the first", () => {
    expect(mostVisitedLeaf(tree)).toBe(3)
    expect(mostVisitedLeaf([root(4), thought(0, 2, 0), thought(0, 2, 1), thought(0, 2, 1)])).toBe(2)
  })
})

it("counts a value for a thought and all that it goes on from", () => {
  const grown = backUp([root(0), thought(0, 0, 0), thought(0, 0, 0), thought(1, 0, 0)], 3, 0.5)
  expect(grown.map(({ visits, total }) => [visits, total])).toEqual([
    [1, 0.5],
    [1, 0.5],
    [0, 0],
    [1, 0.5]
  ])
})
