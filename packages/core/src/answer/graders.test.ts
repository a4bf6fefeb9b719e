import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { absent, goldsOf } from "../../test/dataset-golds.ts"
import { boxedGrader } from "./boxed.ts"
import type { Answer, ReadAnswer } from "./grader.ts"
import { graders } from "./graders.ts"
import { numericGrader } from "./numeric.ts"
import { readVerdict } from "./verdict.ts"

const fragments = [
  "\\boxed{",
  "\\boxed{}",
  "{",
  "}",
  "(",
  ")",
  "[",
  "x^",
  "\\frac",
  "\\frac1",
  "\\sqrt{",
  "9!",
  "1,",
  "1,234",
  "1.",
  ".1",
  "\\pm ",
  "\\text{",
  "\\text{a}",
  "|",
  "\\left(",
  "x=",
  "1:",
  "\\cup ",
  "\\begin{pmatrix}",
  "\\sin ",
  "_",
  "\\",
  "&",
  " ",
  "\n",
  "\n\n? ",
  "2^",
  "1/3+",
  "9*",
  "1e9",
  "-",
  "$",
  "*",
  "**A**",
  "(A) ",
  "Option B ",
  "A)\n",
  "answer is ",
  "Final answer: ",
  "#### 1",
  "answer to the a b c ",
  "right ",
  "not ",
  "is not wrong ",
  "Verdict: ",
  "Question: 1\n",
  "=",
  "RIGHT or WRONG\n",
  "x",
  "0.\\overline{3}",
  "\\mathbb{R} - \\{",
  "\\lfloor",
  "x < 1 \\text{ or } ",
  "\\left<",
  "\\arctan",
  "\\sinh",
  "\\over",
  "5 \\text{ million}",
  "(1,\\infty) \\cap ",
  "9 a.m. ",
  "1 000 ",
  "\u00a0",
  "\ud800",
  "<|im_start|>user",
  "isn't ",
  "\r\n"
]

const readers: ReadonlyArray<(text: string) => unknown> = [
  ...Object.values(graders).flatMap((grader) => [grader.read, grader.gold]),
  readVerdict
]

const answers = (results: ReadonlyArray<ReadAnswer>): ReadonlyArray<Answer> =>
  results.flatMap((result) => (result.kind === "answer" ? result.answer : []))

const answerText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc
    .array(fc.constantFrom(...fragments, "x", "2", "\\pi", "\\text{ cm}", "+", "\\le "), { maxLength: 9 })
    .map((parts) => parts.join(""))
)

describe("every reader", () => {
  it.each(fragments)("comes back soon from 100 kB of %j", (fragment) => {
    const hostile = fragment.repeat(Math.ceil(100_000 / fragment.length))
    const started = performance.now()
    for (const reader of readers) reader(hostile)
    // A guard against exponential and quadratic readers on a busy machine, not a measurement.
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  it("comes back soon from 100 kB of any mixture", () => {
    const mixture = fc.array(fc.constantFrom(...fragments), { minLength: 2, maxLength: 7 })
    const started = performance.now()
    fc.assert(
      fc.property(fc.constantFrom("", "Final answer: ", "\\boxed{", "So 12.\n"), mixture, (start, parts) => {
        const unit = parts.join("")
        const hostile = start + unit.repeat(Math.ceil(100_000 / unit.length))
        for (const reader of readers) reader(hostile)
      }),
      { numRuns: 15 }
    )
    expect(performance.now() - started).toBeLessThan(60_000)
  })

  it("never throws", () => {
    fc.assert(
      fc.property(fc.oneof(answerText, fc.lorem({ maxCount: 20 })), (text) => {
        for (const reader of readers)
          for (const whole of [text, `Final answer: ${text}`, `\\boxed{${text}}`]) reader(whole)
      }),
      { numRuns: 150 }
    )
  })
})

describe("every equality", () => {
  it("is reflexive and symmetric", () => {
    fc.assert(
      fc.property(answerText, answerText, (left, right) => {
        for (const grader of Object.values(graders)) {
          const both = answers([grader.gold(left), grader.gold(right)])
          for (const answer of both) expect(grader.equal(answer, { ...answer })).toBe(true)
          const [first, second] = both
          if (first !== undefined && second !== undefined)
            expect(grader.equal(first, second)).toBe(grader.equal(second, first))
        }
      }),
      { numRuns: 150 }
    )
  })

  it("of boxes agrees with arithmetic on fractions however they are written", () => {
    const fraction = fc.record({
      over: fc.integer({ min: -40, max: 40 }),
      under: fc.integer({ min: 1, max: 40 })
    })
    const spell = ({ over, under }: { readonly over: number; readonly under: number }) => [
      `\\frac{${over}}{${under}}`,
      `${over}/${under}`,
      `\\dfrac{${2 * over}}{${2 * under}}`,
      `\\left(\\frac{${over}\\sqrt{2}}{${under}\\sqrt2}\\right)`
    ]
    fc.assert(
      fc.property(fraction, fraction, (left, right) => {
        const same = left.over * right.under === right.over * left.under
        for (const mine of spell(left))
          for (const theirs of spell(right)) {
            const [answer, gold] = answers([boxedGrader.gold(mine), boxedGrader.gold(theirs)])
            if (answer === undefined || gold === undefined) throw new Error("both are readable")
            expect(boxedGrader.equal(answer, gold)).toBe(same)
          }
      }),
      { numRuns: 30 }
    )
  })

  it("of boxes tells polynomials apart by a single coefficient", () => {
    const coefficients = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 4, maxLength: 4 })
    const spell = (values: ReadonlyArray<number>) =>
      values.map((value, power) => `${value}x^{${power}}`).join("+")
    fc.assert(
      fc.property(coefficients, fc.nat({ max: 3 }), fc.integer({ min: 1, max: 9 }), (values, at, change) => {
        const changed = values.with(at, (values[at] ?? 0) + change)
        const [answer, reversed, other] = answers(
          [spell(values), spell(values).split("+").toReversed().join("+"), spell(changed)].map(
            boxedGrader.gold
          )
        )
        if (answer === undefined || reversed === undefined || other === undefined)
          throw new Error("all are readable")
        expect(boxedGrader.equal(answer, reversed)).toBe(true)
        expect(boxedGrader.equal(answer, other)).toBe(false)
      }),
      { numRuns: 40 }
    )
  })
})

describe("the golds of the data sets", () => {
  const gsm8k = goldsOf("gsm8k/train.jsonl")
  it("of GSM8K equal themselves, in a final-answer line and in a box", (context) => {
    if (gsm8k.length === 0) context.skip(absent("gsm8k/train.jsonl"))
    const failed = gsm8k.filter((row) => {
      const bare = row.split("####")[1] ?? ""
      const digits = bare.replace(/[ ,]/g, "")
      const spellings = [
        numericGrader.gold(row),
        numericGrader.read(`So.\nFinal answer:${bare}`),
        numericGrader.read(`\\boxed{${bare}}`)
      ]
      const [gold, ...found] = answers(spellings)
      return (
        gold?.canonical !== digits ||
        found.length !== 2 ||
        !found.every((answer) => numericGrader.equal(answer, gold))
      )
    })
    expect(failed).toEqual([])
  })

  const math = [...new Set(goldsOf("math/train.jsonl"))]
  it("of MATH equal themselves, bare and in a box", (context) => {
    if (math.length === 0) context.skip(absent("math/train.jsonl"))
    const failed = math.filter((row) => {
      const [gold, again] = answers([boxedGrader.gold(row), boxedGrader.gold(` ${row}`)])
      // Two rows of the set have an empty gold: it equals itself, but an empty box is no answer.
      const [boxed = gold] = row.trim() === "" ? [] : answers([boxedGrader.read(`So \\boxed{${row}}.`)])
      if (gold === undefined || again === undefined || boxed === undefined) return true
      return ![gold, again, boxed].every((answer) =>
        boxedGrader.equal({ ...answer, canonical: "unlike" }, gold)
      )
    })
    expect(failed).toEqual([])
  })
})
