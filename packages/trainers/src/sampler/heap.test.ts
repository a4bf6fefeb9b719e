/// <reference path="./webassembly.d.ts" />
import { expect, test } from "vitest"
import { HeapFull, largestMemory, makeHeap } from "./heap.ts"

const pages = (initial: number, maximum: number) => new WebAssembly.Memory({ initial, maximum, shared: true })

test("blocks are given back whole, and what is free at the end counts when the memory grows", () => {
  const heap = makeHeap(pages(1, 4))
  const [first, second, third] = [heap.allocate(100), heap.allocate(1000), heap.allocate(64)]
  expect([first, second, third]).toEqual([64, 192, 1216])
  heap.free(second)
  heap.free(first)
  heap.free(third)
  expect(heap.used()).toBe(0)
  // All four pages but for the first 64 bytes.
  expect(heap.allocate(4 * 65_536 - 64)).toBe(64)
  expect(() => heap.allocate(1)).toThrow(HeapFull)
  expect(() => heap.free(128)).toThrow("not allocated")
})

test("no block ends where a pointer to its end would be 0", () => {
  const heap = makeHeap(pages(1, 65_536))
  const block = heap.allocate(largestMemory - 192)
  expect(heap.allocate(64) + 64).toBe(largestMemory - 64)
  expect(() => heap.allocate(1)).toThrow(HeapFull)
  heap.free(block)
  expect(heap.allocate(largestMemory - 192)).toBe(block)
})
