import { beforeStop, stopIndex } from "@tracer-sdk/core"
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { byteFallbackDecoding } from "../tokenizer/byte-fallback-decoding.ts"
import { makeTextStream, type TextStream } from "../tokenizer/text-stream.ts"
import { makeSpokenText } from "./spoken-text.ts"

const nasty = [
  "a",
  "b",
  " ",
  "é",
  "e\u0301",
  "中",
  "한",
  "ᄒ",
  "ᅡ",
  "👩‍💻",
  "👍🏽",
  "🇩🇪",
  "🇫🇷",
  "\u0301",
  "\u200D",
  "\r",
  "\n"
]
const text = fc.array(fc.constantFrom(...nasty), { maxLength: 24 }).map((parts) => parts.join(""))
const stops = fc.array(fc.constantFrom("ab", "b", "中a", "aa中", "\n\n", "e\u0301", "👩‍💻a", "\u0301ab"), {
  maxLength: 3
})

/** Byte-level tokens: the text's UTF-8, cut anywhere. */
const byteLevel = (whole: string, cuts: ReadonlyArray<number>) => {
  const bytes = new TextEncoder().encode(whole)
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  const tokens = [0, ...places].map((from, i) => bytes.slice(from, places[i] ?? bytes.length))
  const utf8 = new TextDecoder()
  const stream: TextStream = {
    push: (id) => utf8.decode(tokens[id], { stream: true }),
    end: () => utf8.decode()
  }
  return { count: tokens.length, stream }
}

/** SentencePiece's tokens: some characters whole, the others byte by byte. */
const byteFallback = (whole: string, cuts: ReadonlyArray<number>) => {
  const tokens = [...whole].flatMap((character, i) =>
    (cuts[i % Math.max(1, cuts.length)] ?? 0) % 2 === 0
      ? [character]
      : Array.from(new TextEncoder().encode(character), (byte) => `<0x${byte.toString(16).toUpperCase()}>`)
  )
  return { count: tokens.length, stream: makeTextStream((id) => tokens[id], byteFallbackDecoding()) }
}

describe.each([
  ["byte-level", byteLevel],
  ["byte-fallback", byteFallback]
] as const)("%s tokens", (_, cut) => {
  test("what is told is whole characters of the text before the stop string, held back no longer than needed", () => {
    const cases = fc.record({ text, stops, cuts: fc.array(fc.nat(80), { maxLength: 30 }) })
    const boundaries = (of: string) =>
      new Set([...new Intl.Segmenter().segment(of)].map(({ index }) => index).concat(of.length))
    fc.assert(
      fc.property(cases, ({ text: whole, stops: stop, cuts }) => {
        const { count, stream } = cut(whole, cuts)
        const told: Array<string> = []
        let settled = ""
        const watched: TextStream = {
          push: (id) => {
            const more = stream.push(id)
            settled += more
            return more
          },
          end: stream.end
        }
        const spoken = makeSpokenText(watched, stop, (delta) => told.push(delta))
        const silent = makeSpokenText(cut(whole, cuts).stream, stop, undefined)
        let over = false
        for (let id = 0; id < count && !over; id++) {
          over = spoken.push(id)
          expect(silent.push(id)).toBe(over)
          expect(over).toBe(stopIndex(settled, stop) >= 0)
        }
        const said = told.join("")
        const expected = beforeStop(settled, stop)
        expect(expected.startsWith(said)).toBe(true)
        if (over) expect(said).toBe(expected)
        let at = 0
        for (const delta of told) {
          expect(delta).not.toBe("")
          at += delta.length
          if (!over || at < said.length) expect(boundaries(settled).has(at)).toBe(true)
        }
      }),
      { numRuns: 500 }
    )
  })
})

test("a character is told once the next has begun, the beginning of a stop string once it is none", () => {
  const told: Array<string> = []
  const tokens = ["He", "y 👩", "\u200D", "💻", "!", "\nU", "s", "e", "\nUser", ":"]
  const stream = makeTextStream((id) => tokens[id], { push: (piece) => [piece], end: () => [] })
  const spoken = makeSpokenText(stream, ["\nUser:"], (delta) => told.push(delta))
  const over = tokens.map((_, id) => spoken.push(id))
  expect(told).toEqual(["H", "ey ", "👩‍💻", "!", "\nUse"])
  expect(over).toEqual(tokens.map((_, id) => id === 9))
})
