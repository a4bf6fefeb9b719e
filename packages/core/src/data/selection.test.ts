import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { seedKey, shuffle } from "../random.ts"
import type { Task } from "../task.ts"
import { inShare, sampled, type TaskSelection } from "./selection.ts"

const tasks: ReadonlyArray<Task> = Array.from({ length: 1000 }, (_, i) => ({
  id: String(i),
  question: `Question ${i}?`
}))

const idsOf = (selection: TaskSelection, of: ReadonlyArray<Task> = tasks): ReadonlyArray<string> =>
  sampled(
    selection,
    of.filter((task) => inShare(selection, task))
  ).map(({ id }) => id)

const reordered = shuffle(seedKey(3), tasks)

describe("a selection of tasks", () => {
  it("is everything where nothing is asked for", () => {
    expect(idsOf({})).toEqual(tasks.map(({ id }) => id))
  })

  it("cuts at any place into shares that together are everything, and have nothing in common", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer(), (at, seed) => {
        const train = idsOf({ share: { to: at, seed } })
        const test = idsOf({ share: { from: at, seed } })
        expect([...train, ...test].toSorted()).toEqual(tasks.map(({ id }) => id).toSorted())
        expect(new Set([...train, ...test]).size).toBe(tasks.length)
      }),
      { numRuns: 20 }
    )
  })

  it("has about as many tasks in a share as it says", () => {
    // 800 expected, standard deviation 12.6.
    const { length } = idsOf({ share: { to: 0.8 } })
    expect(length).toBeGreaterThan(740)
    expect(length).toBeLessThan(860)
  })

  it("does not depend on the order of the rows, nor on which others there are", () => {
    for (const selection of [{ share: { to: 0.3, seed: 5 } }, { sample: { count: 50 } }]) {
      expect(idsOf(selection, reordered).toSorted()).toEqual(idsOf(selection).toSorted())
    }
    const half = tasks.slice(0, 500)
    const share = { share: { from: 0.5 } }
    expect(idsOf(share, half)).toEqual(idsOf(share).filter((id) => Number(id) < 500))
  })

  it("puts a question that stands twice on one side", () => {
    const twice = [...tasks, ...tasks.map((task) => ({ ...task, id: `again ${task.id}` }))]
    const train = new Set(idsOf({ share: { to: 0.5 } }, twice))
    for (const { id } of tasks) expect(train.has(id)).toBe(train.has(`again ${id}`))
  })

  it("takes another share with another seed", () => {
    expect(idsOf({ share: { to: 0.5, seed: 1 } })).not.toEqual(idsOf({ share: { to: 0.5, seed: 2 } }))
  })

  it("samples so many in the order of the file, the smaller sample within the larger", () => {
    const [ten, hundred] = [idsOf({ sample: { count: 10 } }), idsOf({ sample: { count: 100 } })]
    expect([ten.length, hundred.length]).toEqual([10, 100])
    expect(hundred).toEqual(hundred.toSorted((left, right) => Number(left) - Number(right)))
    expect(hundred).toEqual(expect.arrayContaining([...ten]))
    expect(idsOf({ sample: { count: 10, seed: 1 } })).not.toEqual(ten)
    expect(idsOf({ sample: { count: 5000 } })).toHaveLength(1000)
  })

  it("limits to the first, after all else", () => {
    expect(idsOf({ limit: 3 })).toEqual(["0", "1", "2"])
    expect(idsOf({ sample: { count: 10 }, limit: 3 })).toEqual(idsOf({ sample: { count: 10 } }).slice(0, 3))
  })
})
