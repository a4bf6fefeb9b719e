import { describe, expect, it } from "vitest"
import { choiceGrader } from "./choice.ts"

/** `!` stands for an unreadable choice. */
const read = (text: string): string => {
  const result = choiceGrader.read(text)
  return result.kind === "answer" ? result.answer.canonical : "!"
}

const table: ReadonlyArray<readonly [string, string]> = [
  ["The answer depends on B.", "!"],
  ["Answer choice is A", "A"],
  ["I think this is a hard problem", "!"],
  ["(C)", "C"],
  ["**C**", "C"],
  ["Option C", "C"],
  ["Final answer: B", "B"],
  ["Final answer: (B) 5 eV", "B"],
  ["The answer is B.", "B"],
  ["The answer is not A. It is (B).", "B"],
  ["\\boxed{\\text{C}}", "C"],
  ["The correct answer is **D**", "D"],
  ["A hard problem", "!"],
  ["A", "A"],
  ["c", "!"],
  ["Option A is incorrect. Option B is right.", "B"],
  ["(A) 5\n(B) 6\n(C) 7\n(D) 8\nI cannot decide.", "!"],
  ["(A) 5 (B) 6 (C) 7 (D) 8", "!"],
  ["Therefore, C.", "C"],
  ["The answer is A or B", "!"],
  ["Answer: A large increase", "!"],
  ["Answer: c", "C"],
  ["The answer is (a)", "A"],
  ["Final answer: C\n\nQuestion: foo\nFinal answer: A", "C"],
  ["The answer is A because x", "A"],
  ["the answer is a matter of taste", "!"],
  ["B)", "B"],
  ["Final Answer\n\n**B**", "B"],
  ["D.", "D"],
  ["Answer: Because", "!"],
  ["$\\boxed{B}$", "B"],
  ["The answer: option D", "D"],
  ["Option B is better than Option A", "B"],
  ["Bob", "!"],
  ["I", "!"],
  ["The best answer is: B: 12 GeV", "B"],
  ["B is the correct answer", "B"],
  ["If B is correct, then A follows. So A is right.", "A"],
  ["If B is correct, then so is C", "!"],
  ["B is not correct", "!"],
  ["(A) is wrong, (B) is wrong, (C) is right", "C"],
  ["I choose B", "B"],
  ["The right choice is B", "B"],
  ["The best option: C", "C"],
  ["It is hot. <answer>B</answer>", "B"],
  ["<answer> (d) </answer>", "D"],
  ["Final answer: B\n\n(A) is wrong, (B) is right", "B"],
  ["Carbon is the best", "!"]
]

describe("choiceGrader", () => {
  it.each(table)("reads %j as %s", (text, expected) => {
    expect(read(text)).toBe(expected)
  })

  it.each(["C", "(C)", "c", "C) 5 eV"])("reads the gold %s as C", (text) => {
    expect(choiceGrader.gold(text)).toMatchObject({ kind: "answer", answer: { canonical: "C" } })
  })

  it("compares letters", () => {
    const [b, c] = ["B", "C"].map((canonical) => ({ text: canonical, canonical }))
    if (b === undefined || c === undefined) throw new Error("two letters")
    expect([choiceGrader.equal(b, b), choiceGrader.equal(b, c)]).toEqual([true, false])
  })
})
