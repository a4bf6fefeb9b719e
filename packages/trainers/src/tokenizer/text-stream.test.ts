import { describe, expect, it } from "@effect/vitest"
import fc from "fast-check"
import { difficultStrings, tokenizerFamilies, tokenizerFamily } from "../../test/tokenizer-families.ts"
import type { ChatTokenizer } from "./index.ts"

/** The pieces of text that a stream gives for the ids one by one, and at the end. */
const streamed = (tokenizer: ChatTokenizer, ids: ReadonlyArray<number>): ReadonlyArray<string> => {
  const stream = tokenizer.stream()
  return [...ids.map((id) => stream.push(id)), stream.end()]
}

const family = (name: string): ChatTokenizer => tokenizerFamily(name).tokenizer

/** The ids of one token each. */
const idsOf = (tokenizer: ChatTokenizer, ...tokens: ReadonlyArray<string>): ReadonlyArray<number> =>
  tokens.map((token) => tokenizer.tokenId(token) ?? -1)

describe.each(tokenizerFamilies)("$name", ({ tokenizer, size, drawn }) => {
  it("gives the text of transformers piece by piece", () => {
    expect(drawn.map(([ids]) => streamed(tokenizer, ids).join(""))).toEqual(drawn.map(([, text]) => text))
  })

  it("gives settled text: what came first does not depend on what follows", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(size + 1), { maxLength: 24 }), fc.nat(24), (ids, cut) => {
        const whole = streamed(tokenizer, ids)
        const first = streamed(tokenizer, ids.slice(0, cut)).slice(0, -1)
        expect(whole.slice(0, first.length)).toEqual(first)
        expect(whole.join("")).toBe(tokenizer.decode(ids))
      })
    )
  })
})

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.constantFrom(...difficultStrings)
)

const unchanged = (string: string): string => string
const markedSpaces = (string: string): string => string.replaceAll("\u2581", " ")

describe.each([
  ["llama-3", unchanged],
  ["mistral-nemo", unchanged],
  ["smollm", unchanged],
  ["qwen", (string: string) => string.normalize("NFC")],
  ["llama-2", markedSpaces],
  ["gemma", markedSpaces]
])("%s", (name, normalized) => {
  const tokenizer = family(name)
  const special = ["<|", "<s>", "</s>", "<unk>", "[INST]", "[/INST]"]

  it("decodes to the text that was encoded, special tokens apart", () => {
    fc.assert(
      fc.property(text, (string) => {
        fc.pre(!special.some((token) => string.includes(token)))
        expect(tokenizer.decode(tokenizer.encode(string))).toBe(normalized(string.toWellFormed()))
      })
    )
  })
})

describe("a character of several tokens", () => {
  it("waits for its last byte where tokens are bytes", () => {
    const tokenizer = family("llama-3")
    // 😀 is F0 9F 98 80.
    const ids = idsOf(tokenizer, "a", "ð", "Ł", "ĺ", "Ģ", "b")
    expect(streamed(tokenizer, ids)).toEqual(["a", "", "", "", "😀", "b", ""])
    expect(streamed(tokenizer, ids.slice(0, 3))).toEqual(["a", "", "", "\uFFFD"])
    expect(streamed(tokenizer, [...ids.slice(0, 3), ...idsOf(tokenizer, "c")])).toEqual([
      "a",
      "",
      "",
      "\uFFFDc",
      ""
    ])
  })

  it("waits for the end of a run of byte tokens, which is text as a whole or not at all", () => {
    const tokenizer = family("llama-2")
    const euro = idsOf(tokenizer, "<0xE2>", "<0x82>", "<0xAC>")
    const a = idsOf(tokenizer, "a")
    expect(streamed(tokenizer, [...euro, ...euro, ...a])).toEqual(["", "", "", "", "", "", "€€a", ""])
    expect(streamed(tokenizer, [...euro, ...euro.slice(0, 1)]).join("")).toBe("\uFFFD".repeat(4))
  })
})

describe("the space before the first word", () => {
  it("is left out where the tokenizer put it there", () => {
    const tokenizer = family("llama-2")
    expect(streamed(tokenizer, idsOf(tokenizer, "▁the", "▁a"))).toEqual(["the", " a", ""])
    expect(streamed(tokenizer, idsOf(tokenizer, "<s>", "▁the"))).toEqual(["", "the", ""])
    expect(streamed(tokenizer, idsOf(tokenizer, "▁▁", "▁a"))).toEqual([" ", " a", ""])
  })

  it("stays where it is part of the text", () => {
    const tokenizer = family("gemma")
    expect(streamed(tokenizer, idsOf(tokenizer, "▁the", "▁a"))).toEqual([" the", " a", ""])
  })
})

it("leaves out special tokens and ids without a token, and keeps other added tokens", () => {
  const tokenizer = family("qwen")
  const ids = [...idsOf(tokenizer, "<|im_start|>", "a", "<tool_call>", "<|im_end|>"), 1_000_000]
  expect(streamed(tokenizer, ids)).toEqual(["", "a", "<tool_call>", "", "", ""])
})
