import { expect, test } from "vitest"
import { byteCharacters, learnMerges, toByteCharacters } from "./byte-pairs.ts"

test("every byte has a character of its own, printable ones themselves", () => {
  expect(new Set(byteCharacters).size).toBe(256)
  expect(toByteCharacters("A b")).toEqual(["A", "Ġ", "b"])
  expect(toByteCharacters("é")).toEqual(["Ã", "©"])
})

test("merges come in the order of their pairs' counts", () => {
  const pieces = new Map([
    ["low", 5],
    ["lower", 2],
    ["newest", 6],
    ["widest", 3]
  ])
  // es 9, est 9, lo 7, low 7, as in the paper's example; ties in code-point order.
  expect(learnMerges(pieces, 4)).toEqual([
    ["e", "s"],
    ["es", "t"],
    ["l", "o"],
    ["lo", "w"]
  ])
  expect(learnMerges(new Map([["ab", 1]]), 10)).toEqual([["a", "b"]])
})
