import { describe, expect, it } from "vitest"
import { numericGrader } from "./numeric.ts"

const read = (text: string): string | undefined => {
  const result = numericGrader.read(text)
  return result.kind === "answer" ? result.answer.canonical : undefined
}

describe("numericGrader.read", () => {
  it.each([
    ["Final answer: $29.00", "29"],
    ["#### $18", "18"],
    ["The answer is 72.", "72"],
    ["Final answer: 3/4", "3/4"],
    ["Final answer: 0.75", "3/4"],
    ["Final answer: 2 1/2", "5/2"],
    ["Final answer: 1.5e3", "1500"],
    ["Final answer: 1 000", "1000"],
    ["Final answer: 1,000", "1000"],
    ["Final answer: 1\u202f000", "1000"],
    ["Final answer: .5", "1/2"],
    ["Final answer: -7", "-7"],
    ["Final answer: \u22127", "-7"],
    ["Final answer: 18 eggs, i.e. 3 dozen", "18"],
    ["Final answer: 18 eggs = 1.5 dozen", "18"],
    ["Final answer: 10^3", "1000"],
    ["Final answer: 10**3", "1000"],
    ["Final answer: 10-3", "7"],
    ["Final answer: 3 + 4 = 7", "7"],
    ["Final answer: x = 5", "5"],
    ["Final answer: 25%", "25"],
    ["Final answer: 2\\frac{1}{2}", "5/2"],
    ["Final answer: 1.5 \\times 10^3", "1500"],
    ["Final answer: $1.5 million", "1500000"],
    ["Final answer (in dollars): 18", "18"],
    ["**Final Answer:** \\(18\\)", "18"],
    ["### Final Answer\n\n- 18 eggs", "18"],
    ["The final answer is $\\boxed{\\$1{,}234}$.", "1234"],
    ["#### Step 2: add 3\n#### 42", "42"],
    ["The answer is not 7. The answer is 8", "8"],
    ["He has 16 - 3 - 4", "9"],
    ["She pays Rs.500", "500"],
    ["Both x2 and 5", "5"],
    ["3 and 4 make <answer>7</answer> in all 2 cases", "7"],
    ["<final_answer>\n$1,200\n</final_answer>", "1200"],
    ["Put it between <answer> and its end. 7", "7"]
  ])("reads %j as %s", (text, expected) => {
    expect(read(text)).toBe(expected)
  })

  it.each([
    "I cannot tell.",
    "",
    "...",
    "Final answer: ...",
    "Final answer: <number>",
    "She has 3 and 4 of them.\nFinal answer:",
    "Final answer: 1/0",
    "Final answer: 9^9^9^9"
  ])("finds no number in %j", (text) => {
    expect(read(text)).toBeUndefined()
  })

  it.each([
    "Final answer: 18\n\nQuestion: Tom has 3 and 4. How many?\nFinal answer: 7",
    "The answer is 18.\n\nTom has 3 apples and buys 4. How many has he?\nThe answer is 7",
    "Final answer: 18\nTom has 3 + 4 = 7",
    "So she has 18.\n\n**Problem 2:** What is 3 + 4?\n7",
    "#### 18<|im_start|>user\nWhat is 3 + 4?\n#### 7"
  ])("ignores the question that follows the answer in %j", (text) => {
    expect(read(text)).toBe("18")
  })

  it("follows a writer who thinks again", () => {
    expect(read("Final answer: 5\n\nWait, is that all? There is one more.\nFinal answer: 6")).toBe("6")
  })
})

describe("numericGrader.gold", () => {
  it("takes what follows ####, never the last number of the rationale", () => {
    const gold = numericGrader.gold("She sells 9 at $2, so 9*2=<<9*2=18>>18.\n#### 18")
    expect(gold).toEqual({ kind: "answer", answer: { text: "18", canonical: "18" } })
  })

  it("tells numbers apart exactly", () => {
    const gold = numericGrader.gold("0.3333")
    const answer = numericGrader.read("Final answer: 1/3")
    if (gold.kind !== "answer" || answer.kind !== "answer") throw new Error("both are numbers")
    expect(numericGrader.equal(answer.answer, gold.answer)).toBe(false)
  })
})
