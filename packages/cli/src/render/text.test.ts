import { CliOutput } from "effect/cli"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { indented, pad, printable, shorten, wrap } from "./text.ts"

const text = fc.string({ unit: "grapheme", maxLength: 60 })
const cells = CliOutput.displayWidth

describe("text", () => {
  it("prints nobody's control sequences", () => {
    expect(printable("a\u001b[31mb\u0007\r\n\tc\u009b2J")).toBe("a?[31mb?\n  c?2J")
  })

  it("wraps between words and loses none of them", () => {
    expect(wrap("one two  three\nfour", 7)).toEqual(["one two", "three", "four"])
    expect(wrap("abcdefghij k", 4)).toEqual(["abcd", "efgh", "ij k"])
    fc.assert(
      fc.property(text, fc.integer({ min: 4, max: 30 }), (given, width) => {
        const clean = printable(given)
        const lines = wrap(clean, width)
        expect(Math.max(...lines.map(cells))).toBeLessThanOrEqual(width)
        expect(lines.join("").replaceAll(/\s/g, "")).toBe(clean.replaceAll(/\s/g, ""))
      })
    )
  })

  it("shortens and pads by cells, not by characters", () => {
    expect(shorten("accuracy", 8)).toBe("accuracy")
    expect(shorten("accuracy", 5)).toBe("accu…")
    expect(pad("日本", 6, "right")).toBe("  日本")
    fc.assert(
      fc.property(text, fc.integer({ min: 3, max: 30 }), (given, width) => {
        const short = shorten(printable(given).replaceAll("\n", " "), width)
        expect(cells(short)).toBeLessThanOrEqual(width)
        expect(cells(pad(short, width, "left"))).toBe(width)
      })
    )
  })

  it("hangs the lines of a paragraph", () => {
    expect(indented(`${"word ".repeat(20)}end`, 4, 2)).toEqual([
      `    ${"word ".repeat(19).trim()}`,
      "      word end"
    ])
  })
})
