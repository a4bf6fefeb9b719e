import { expect, it } from "@effect/vitest"
import { makeChatTokenizer } from "./index.ts"

/** A tokenizer that marks words as SentencePiece does, of the pieces that the merges make of ▁, a and b. */
const pieces = (...merges: ReadonlyArray<readonly [string, string]>) => {
  const tokens = ["▁", "a", "b", ...merges.map((pair) => pair.join(""))]
  return makeChatTokenizer(
    {
      normalizer: { type: "Replace", pattern: { String: " " }, content: "▁" },
      decoder: { type: "Replace", pattern: { String: "▁" }, content: " " },
      model: {
        type: "BPE",
        vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
        merges: merges.map((pair) => pair.join(" "))
      }
    },
    ""
  )
}

it("merges across words where the vocabulary does", () => {
  const across = pieces(["a", "▁"], ["a▁", "b"])
  expect(across.encode("a b")).toEqual([4])
  expect(across.decode([4, 2])).toBe("a bb")
  expect(pieces(["▁", "b"], ["a", "b"]).encode("a b")).toEqual([1, 3])
})

it("takes the earliest merge of the list first, and of equal ones the leftmost", () => {
  const tokenizer = pieces(["a", "b"], ["b", "a"], ["a", "a"])
  expect(tokenizer.encode("aba")).toEqual([3, 1])
  expect(tokenizer.encode("baa")).toEqual([4, 1])
  expect(tokenizer.encode("aaa")).toEqual([5, 1])
})

it("says nothing for no tokens, and makes no tokens of nothing", () => {
  expect(pieces().decode([])).toBe("")
  expect(pieces().encode("")).toEqual([])
})

it("writes text with a dollar as it stands", () => {
  const tokenizer = makeChatTokenizer(
    {
      normalizer: { type: "Replace", pattern: { String: "a" }, content: "$&" },
      decoder: { type: "Replace", pattern: { Regex: "[$]" }, content: "$1" },
      model: { type: "BPE", vocab: { $: 0, "&": 1, a: 2 }, merges: [] }
    },
    ""
  )
  expect(tokenizer.encode("a")).toEqual([0, 1])
  expect(tokenizer.decode([0, 1])).toBe("$1&")
})

it("reads half a surrogate pair as what UTF-8 makes of it", () => {
  const tokenizer = makeChatTokenizer(
    {
      pre_tokenizer: { type: "ByteLevel", add_prefix_space: false },
      decoder: { type: "ByteLevel" },
      // U+FFFD is EF BF BD.
      model: { type: "BPE", vocab: { ï: 0, "¿": 1, "½": 2, a: 3 }, merges: [] }
    },
    ""
  )
  expect(tokenizer.encode("a\uD83Da")).toEqual([3, 0, 1, 2, 3])
})
