import { expect, test } from "vitest"
import { makePromptCache } from "./prompt-cache.ts"

const makeCache = (limit: number) => {
  const released: Array<number> = []
  const cache = makePromptCache(limit, ({ block }) => released.push(block))
  let block = 0
  const read = (...prompt: ReadonlyArray<number>) => {
    const entry = { prompt, stretch: { block: ++block, capacity: prompt.length }, users: 1 }
    cache.add(entry)
    return entry
  }
  return { cache, read, released }
}

test("the prompt with the longest beginning in common is found, but for the last token, whose logits are not kept", () => {
  const { cache, read } = makeCache(100)
  const short = read(1, 2, 3)
  const long = read(1, 2, 4, 5)
  expect(cache.longest([1, 2, 3, 9])).toEqual({ entry: short, length: 3 })
  expect(cache.longest([1, 2, 4, 5])).toEqual({ entry: long, length: 3 })
  expect(cache.longest([2, 1])).toEqual({ entry: undefined, length: 0 })
})

test("beyond the limit the oldest go first, and none that is in use", () => {
  const { cache, read, released } = makeCache(4)
  const [first, second, third] = [read(1, 1), read(2, 2), read(3, 3)]
  for (const entry of [second, third]) cache.leave(entry)
  expect(released).toEqual([])
  expect(cache.unused()).toBe(4)
  cache.leave(first)
  expect(released).toEqual([1])
  const fourth = read(4, 4)
  cache.leave(fourth)
  expect(released).toEqual([1, 2])
  read(5)
  cache.clear()
  expect(released).toEqual([1, 2, 3, 4])
  expect(cache.longest([5, 6]).length).toBe(1)
})

test("a prompt that goes on from one no longer in use takes its place", () => {
  const { cache, read, released } = makeCache(100)
  cache.leave(read(1, 2))
  cache.leave(read(1, 3))
  const used = read(1, 2)
  expect(released).toEqual([1])
  const longer = read(1, 2, 4)
  expect(released).toEqual([1])
  cache.leave(used)
  cache.leave(longer)
  read(1, 2, 4, 5)
  expect(released).toEqual([1, 3, 4])
  expect(cache.longest([1, 3, 7])).toMatchObject({ entry: { stretch: { block: 2 } }, length: 2 })
})
