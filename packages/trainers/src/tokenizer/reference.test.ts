import { describe, expect, it } from "@effect/vitest"
import { difficultStrings, tokenizerFamilies, tokenizerFamily } from "../../test/tokenizer-families.ts"

describe.each(tokenizerFamilies)("$name", ({ tokenizer, ids, literal, texts, drawn }) => {
  it("has the ids of transformers for every difficult string", () => {
    expect(difficultStrings.map((string) => tokenizer.encode(string))).toEqual(ids)
  })

  it("has the ids of tokenizers without special tokens for every string that a message says", () => {
    const said = difficultStrings.map((content) => tokenizer.encodeChat([{ role: "user", content }]))
    expect(said).toEqual(literal)
    expect(literal).not.toEqual(ids)
  })

  it("has the text of transformers for the strings' ids", () => {
    expect(ids.map((list) => tokenizer.decode(list))).toEqual(texts)
  })

  it("has the text of transformers for random ids", () => {
    expect(drawn.map(([list]) => tokenizer.decode(list))).toEqual(drawn.map(([, text]) => text))
  })
})

/** Beside a token that takes white space with it, the library goes by JavaScript's white space, `tokenizers` by Unicode's. */
it("differs from transformers where a byte order mark or a next line follows Phi-3's <|end|>", () => {
  const { tokenizer: phi3 } = tokenizerFamily("phi-3")
  const afterEnd = (character: string) => phi3.decode(phi3.encode(`<|end|>${character}a`))
  expect(afterEnd(" ")).toBe("a")
  // transformers: "\uFEFFa" and "a".
  expect(afterEnd("\uFEFF")).toBe("a")
  expect(afterEnd("\u0085")).toBe("\u0085a")
})
