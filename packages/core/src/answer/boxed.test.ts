import { describe, expect, it } from "vitest"
import { boxedGrader } from "./boxed.ts"
import type { Answer } from "./grader.ts"

const gold = (latex: string): Answer => {
  const result = boxedGrader.gold(latex)
  if (result.kind !== "answer") throw new Error(result.reason)
  return result.answer
}

const equalBothWays = (left: string, right: string): ReadonlyArray<boolean> => [
  boxedGrader.equal(gold(left), gold(right)),
  boxedGrader.equal(gold(right), gold(left))
]

const read = (text: string): string | undefined => {
  const result = boxedGrader.read(text)
  return result.kind === "answer" ? result.answer.text : undefined
}

const equals: ReadonlyArray<readonly [string, string]> = [
  ["\\dfrac12", "\\frac{1}{2}"],
  ["\\frac{1}{2}", "1/2"],
  ["1/2", "0.5"],
  ["\\dfrac12", "0.5"],
  ["x=5", "5"],
  ["90^\\circ", "90"],
  ["5\\text{ cm}", "5"],
  ["1{,}234", "1,234"],
  ["1,234", "1234"],
  ["\\text{13}", "13"],
  ["\\sqrt{\\frac1n}", "\\frac{1}{\\sqrt n}"],
  ["3.0", "3"],
  ["25\\%", "25"],
  ["90\\text{ square\nunits}", "90"],
  ["(x+1)^2", "x^2+2x+1"],
  ["\\sqrt8", "2\\sqrt2"],
  ["3\\frac18", "25/8"],
  ["3 1/8", "\\frac{25}{8}"],
  ["\\frac{\\sqrt6}3", "\\sqrt{\\frac{2}{3}}"],
  ["1,-3", "-3, 1"],
  ["\\{4,5,7\\}", "\\{7,4,5\\}"],
  ["f(x)=2x", "2x"],
  ["y=2x+1", "y = 1+2x"],
  ["5x-11y+z-17=0", "-5x+11y-z+17=0"],
  ["x = 1 \\text{ or } x = 2", "1,2"],
  ["\\pm 2", "2,-2"],
  ["3\\pm\\sqrt2", "3+\\sqrt2, 3-\\sqrt2"],
  ["\\begin{pmatrix} 1/2 \\\\ 2 \\end{pmatrix}", "\\begin{bmatrix} 0.5\\\\2\\end{bmatrix}"],
  ["\\left(\\frac12,1\\right)", "(0.5, 1)"],
  ["(-\\infty,0)\\cup(1,2)", "(1,2) \\cup (-\\infty, 0)"],
  ["\\text{Friday}", "Friday"],
  ["\\text{(A)}", "A"],
  ["\\text{A}", "(A)"],
  ["\\$5.50", "5.50"],
  ["2\\pi", "2π"],
  ["\\sin^2 x + \\cos^2 x", "1"],
  ["\\cos 60^\\circ", "\\frac12"],
  ["\\log_2 8", "3"],
  ["\\binom{5}{2}", "10"],
  ["5!", "120"],
  ["2^{-1}", "0.5"],
  ["(2+i)^2", "3+4i"],
  ["\\sqrt{-4}", "2i"],
  ["440\\text{ cm}^2", "440"],
  ["440\\text{ cm}^2", "440\\text{ square centimeters}"],
  ["5 cm", "5\\text{ cm}"],
  ["\\text{B,E}", "\\text{E, B}"],
  ["111, \\! 111, \\! 111", "111111111"],
  ["x \\in [1,2]", "[1,2]"],
  ["7, -2, \\text{ and } -5", "7,-2,-5"],
  ["e^{\\ln 3}", "3"],
  ["\\frac{1}{1+\\sqrt2}", "\\sqrt2-1"],
  ["\\sqrt{3+2\\sqrt2}", "1+\\sqrt2"],
  ["18 \\text{ integers}", "18"],
  ["24_{10}", "24"],
  ["43_5.", "43_5"],
  ["42x\\sqrt{5x}", "42\\sqrt5 x^{3/2}"],
  ["AB=12+12\\sqrt{3}", "12(1+\\sqrt3)"],
  ["\\text{1:03 PM}", "1:03 \\text{ p.m.}"],
  ["x^2-1", "(x-1)(x+1)"],
  ["-\\frac{1}{2}", "\\frac{-1}{2}"],
  ["10^{2}", "100"],
  ["\\frac{\\pi}{6}", "30^\\circ*0+\\pi/6"],
  ["x<5", "5>x"],
  ["2 \\cdot 3", "6"],
  ["\\sqrt[3]{8}", "2"],
  ["|{-3}|", "3"]
]

const differs: ReadonlyArray<readonly [string, string]> = [
  ["1,2", "12"],
  ["3, 5, 7", "357"],
  ["\\frac{1+x}{2}", "1+\\frac x2"],
  ["\\pm 2021", "2021"],
  ["12:00", "1:00"],
  ["1-\\frac1e", "1+\\frac1e"],
  ["4", "4\\sqrt2"],
  ["1/2004!", "1/2006!"],
  ["n=2,3,4", "n=1,2,3"],
  ["X^2", "x^2"],
  ["\\rightarrow", "\\leftarrow"],
  [".0005", ".001"],
  ["(1,2)", "[1,2]"],
  ["[1,2)", "[1,2]"],
  ["2021_3", "2021"],
  ["e^{\\pi\\sqrt{163}}", "262537412640768744"],
  ["10^{20}\\pi+1", "10^{20}\\pi"],
  ["10^{-400}", "10^{-401}"],
  ["|x|", "x"],
  ["\\sqrt{x^2}", "x"],
  ["f(x+1)", "fx+f"],
  ["ABCD", "CBAD"],
  ["\\text{CBAD}", "ABCD"],
  ["5\\text{ cm}", "5\\text{ m}"],
  ["\\text{1:03 PM}", "\\text{1:03 AM}"],
  ["(1,2)", "(2,1)"],
  ["x=5", "y=5"],
  ["1/2x", "\\frac{1}{2x}"],
  ["25\\%", "0.25"],
  ["\\infty", "-\\infty"],
  ["(1,234)", "1234"],
  ["2\\cos 15^\\circ", "2\\cos 15"],
  ["\\log x", "\\ln x"],
  ["x^{10}", "x^1 0"],
  ["12", "1 2"],
  ["\\sin^{-1} x", "\\frac{1}{\\sin x}"],
  ["1.5", "15"],
  ["-5", "5"],
  ["\\frac12", "\\frac21"],
  ["3\\frac12", "\\frac32"],
  ["\\text{yes}", "\\text{no}"],
  ["\\emptyset", "0"],
  ["x+y", "xy"],
  ["2^{100}", "2^{101}"],
  ["1:2", "2:1"],
  ["\\begin{pmatrix}1\\\\2\\end{pmatrix}", "\\begin{pmatrix}2\\\\1\\end{pmatrix}"],
  ["\\begin{pmatrix}1&2\\end{pmatrix}", "\\begin{pmatrix}1\\\\2\\end{pmatrix}"],
  ["80\\text{ cents}", "80\\text{ dollars}"],
  ["x>5", "x<5"],
  ["x \\le 5", "x<5"],
  ["2(3)", "23"],
  ["0.333", "\\frac13"],
  ["3.14159265358979", "\\pi"],
  ["", "5"],
  ["x_1", "x_2"],
  ["x'", "x"],
  ["a", "\\alpha"],
  ["\\overline{AB}", "\\overline{BC}"],
  ["0.\\overline{3}", "0.\\overline{4}"],
  ["0", "1/2004!"],
  ["1,2,2", "1,2"],
  ["\\{1,2\\}", "\\{1,3\\}"],
  ["y=2x+1", "y=2x+2"],
  ["x+y=5", "5"],
  ["x^2+y^2=1", "x^2+y^2=2"],
  ["1101_2", "1101_3"],
  ["\\text{None}", "\\text{Neon}"],
  ["5\\text{ feet }3\\text{ inches}", "5"]
]

describe("boxedGrader.equal", () => {
  it.each(equals)("holds for %s and %s", (left, right) => {
    expect(equalBothWays(left, right)).toEqual([true, true])
  })

  it.each(differs)("does not hold for %s and %s", (left, right) => {
    expect(equalBothWays(left, right)).toEqual([false, false])
  })

  it("gives one canonical form to one number", () => {
    const spellings = ["\\dfrac12", "\\frac{1}{2}", "1/2", "0.5", "\\tfrac 12"]
    expect(new Set(spellings.map((latex) => gold(latex).canonical)).size).toBe(1)
  })
})

describe("boxedGrader.read", () => {
  it.each([
    ["So \\boxed{5}.", "5"],
    ["First \\boxed{4}, or rather \\boxed{\\frac{1}{2}}.", "\\frac{1}{2}"],
    ["\\boxed{12}, then \\boxed{13", "12"],
    ["\\boxed{90\\text{ square\nunits}}", "90\\text{ square\nunits}"],
    ["\\boxed{\\{1, 2\\}}", "\\{1, 2\\}"],
    ["Final answer: $\\frac{3}{4}$", "$\\frac{3}{4}$"],
    ["**Final answer:** \\(x = 5\\)", "x = 5"],
    ["The answer is \\boxed{3}. Final answer: 4", "3"],
    ["\\boxed{3}\n\nQuestion: what is 2 + 5?\n\\boxed{7}", "3"]
  ])("reads %j as %j", (text, expected) => {
    expect(read(text)).toBe(expected)
  })

  it.each(["", "I cannot tell.", "It is 5, surely", "\\boxed{}", "\\boxed{12"])(
    "reads nothing in %j",
    (text) => {
      expect(read(text)).toBeUndefined()
    }
  )
})
