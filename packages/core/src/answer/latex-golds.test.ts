import { describe, expect, it } from "vitest"
import { absent, goldsOf } from "../../test/dataset-golds.ts"
import { seedKey, shuffle, split } from "../random.ts"
import { boxedGrader } from "./boxed.ts"
import type { Answer } from "./grader.ts"

const path = "math/train.jsonl"
const all = [...new Set(goldsOf(path))].filter((gold) => gold.trim() !== "")
/** All of them take some seconds; `tools/checks/equal-golds.ts` goes through every one. */
const sample = shuffle(split(seedKey(1), "golds"), all).slice(0, 700)

const answer = (latex: string): Answer => {
  const result = boxedGrader.gold(latex)
  if (result.kind !== "answer") throw new Error(result.reason)
  return result.answer
}

const equal = (left: string, right: string): boolean => boxedGrader.equal(answer(left), answer(right))

/** Every text that comes of replacing one match of a pattern. */
const replacements = (
  text: string,
  pattern: RegExp,
  replace: (found: string) => string
): ReadonlyArray<string> =>
  [...text.matchAll(pattern)].map(
    (match) => text.slice(0, match.index) + replace(match[0]) + text.slice(match.index + match[0].length)
  )

/** Other answers than `gold`, each of one slip. A rounded value behind a fraction says nothing, as in `2/3 ≈ 0.67`. */
const slips = (gold: string): ReadonlyArray<string> =>
  gold.includes("\\approx") || gold.includes("a.m.")
    ? []
    : [
        ...replacements(gold, /\d/g, (digit) => String((Number(digit) + 1) % 10)),
        ...replacements(gold, /-/g, () => "+"),
        ...replacements(gold, /\+/g, () => "-"),
        ...replacements(gold, /(?<![\\a-zA-Z])[a-zA-Z](?![a-zA-Z])/g, (letter) =>
          letter === "w" ? "v" : "w"
        ),
        ...replacements(gold, /\\sqrt/g, () => ""),
        ...replacements(gold, /[[\]]/g, (bracket) => (bracket === "[" ? "(" : ")"))
      ]

/** The same answer, written another way. */
const rewritings: Readonly<Record<string, (gold: string) => string>> = {
  "another size of fraction": (gold) => gold.replace(/\\[dt]?frac/g, "\\dfrac"),
  "brackets of fixed size": (gold) => gold.replace(/\\(?:left|right)(?=[()[\]])/g, ""),
  "dollar signs around it": (gold) => `$${gold}$`,
  "the marks of a formula": (gold) => `\\(${gold}\\)`,
  "a full stop": (gold) => `${gold}.`,
  "braces around it": (gold) => (gold.endsWith(".") ? gold : `{${gold}}`),
  "a display style": (gold) => `\\displaystyle ${gold}`,
  "thin spaces": (gold) => gold.replace(/(?<=[+-])/g, "\\,"),
  "spaces around signs": (gold) => (/text|mbox/.test(gold) ? gold : gold.replace(/[+=-]/g, " $& ")),
  "a number as text": (gold) => gold.replace(/^-?\d+(?:\.\d+)?$/, "\\text{$&}"),
  "thousands separators": (gold) =>
    /^\d{4,}$/.test(gold) ? gold.replace(/\B(?=(?:\d{3})+$)/g, "{,}") : gold,
  "a name in front": (gold) => (/^-?[\d\\]/.test(gold) && !/[=<]|\\le/.test(gold) ? `q = ${gold}` : gold),
  "a slash": (gold) => gold.replace(/^\\frac\{(\d+)\}\{(\d+)\}$/, "$1/$2"),
  "TeX's own fraction": (gold) => gold.replace(/^\\frac\{([^{}]+)\}\{([^{}]+)\}$/, "{$1 \\over $2}"),
  "powers for roots": (gold) => gold.replace(/\\sqrt\{(\d+)\}/g, "{$1}^{1/2}")
}

describe("the golds of MATH", () => {
  it("differ from every answer that is one slip away", (context) => {
    if (all.length === 0) context.skip(absent(path))
    const equalled = sample.flatMap((gold) =>
      slips(gold)
        .filter((slip) => equal(gold, slip) || equal(slip, gold))
        .map((slip) => `${gold} and ${slip}`)
    )
    expect(equalled).toEqual([])
  })

  it.each(Object.entries(rewritings))("equal themselves with %s", (_, rewrite) => {
    const different = sample.filter((gold) => !equal(rewrite(gold), gold) || !equal(gold, rewrite(gold)))
    expect(different).toEqual([])
  })
})
