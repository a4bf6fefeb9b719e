import { describe, expect, it } from "vitest"
import { escapeInline, escapeLines, escapeMarkdown } from "./escape-markdown.ts"
import { wordsToMarkdown } from "./words-to-markdown.ts"

describe("escapeMarkdown", () => {
  it.each([
    ["plain words, 3.5% (or +2 to -1).", "plain words, 3.5% (or +2 to -1)."],
    ["a_b *c* `d` ~~e~~", "a\\_b \\*c\\* \\`d\\` \\~\\~e\\~\\~"],
    ["<b>&amp;", "\\<b\\>\\&amp;"],
    ["a | b", "a \\| b"],
    ["[l](http://x.y) www.x.y a@b.c", "\\[l\\](http\\://x.y) www\\.x.y a\\@b.c"],
    ["$x$ :smile: C:\\", "\\$x\\$ \\:smile: C\\:\\\\"],
    ["# no heading", "\\# no heading"],
    ["1. no list", "1\\. no list"],
    ["- no list", "\\- no list"],
    ["-1 is a number", "-1 is a number"],
    ["---", "\\---"],
    ["===", "\\==="],
    ["two\n lines", "two lines"]
  ])("%j becomes %j", (text, markdown) => {
    expect(escapeMarkdown(text)).toBe(markdown)
  })

  it("keeps the spaces of a piece within a line", () => {
    expect(escapeInline(" - in * between ", false)).toBe(" - in \\* between ")
    expect(escapeInline("- first ", true)).toBe("\\- first ")
  })

  it("keeps lines, and makes no code of those that are indented", () => {
    expect(escapeLines("a\n    b\n")).toEqual(["a", "\u00a0\u00a0\u00a0\u00a0b", ""])
  })
})

describe("wordsToMarkdown", () => {
  it("fences code by more backticks than it holds", () => {
    expect(wordsToMarkdown(["see ", { code: "a``b" }, "."])).toBe("see ``` a``b ```.")
    expect(wordsToMarkdown([{ strong: "a*b" }, { mark: "c" }])).toBe("**a\\*b**<sup>c</sup>")
  })
})
