import { describe, expect, it } from "@effect/vitest"
import { difficultStrings, tokenizerFamilies } from "../../test/tokenizer-families.ts"

describe.each(tokenizerFamilies)("$name", ({ tokenizer, ids, texts, drawn }) => {
  it("has the ids of transformers for every difficult string", () => {
    expect(difficultStrings.map((string) => tokenizer.encode(string))).toEqual(ids)
  })

  it("has the text of transformers for the strings' ids", () => {
    expect(ids.map((list) => tokenizer.decode(list))).toEqual(texts)
  })

  it("has the text of transformers for random ids", () => {
    expect(drawn.map(([list]) => tokenizer.decode(list))).toEqual(drawn.map(([, text]) => text))
  })
})
