import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Grader, Verdict } from "../../answer/index.ts"
import { choiceGrader, numericGrader } from "../../answer/index.ts"
import { contradictionOf } from "./contradiction.ts"

const find = (text: string, verdict: Verdict, pending = "12", grader: Grader = numericGrader) => {
  const read = grader.read(`Final answer: ${pending}`)
  return contradictionOf(text, verdict, read.kind === "answer" ? read.answer : undefined, grader)
}

describe("a verdict against its own reasons", () => {
  it.each([
    // Another answer, or the pending one, that is stated.
    ["3 bags of 4 are 12, so the answer should be 12.\nVerdict: WRONG", "wrong", "answer"],
    ["The correct answer is 13.\nVerdict: RIGHT", "right", "answer"],
    ["WRONG. It should be $12, since 3 times 4 is 12.", "wrong", "answer"],
    ["First 3 x 4. Therefore the final answer is **13**, not 12.\n\n**Verdict: RIGHT**", "right", "answer"],
    ["I get 12.\nVerdict: WRONG", "wrong", "answer"],
    // Words about the answer.
    ["Every step holds. The proposed answer is correct.\nVerdict: WRONG", "wrong", "statement"],
    ["The answer of 12 is not quite right.\nVerdict: RIGHT", "right", "statement"],
    ["My own count does not match the proposed answer.\nVerdict: RIGHT", "right", "statement"],
    ["I agree with their answer.\nFinal verdict: INCORRECT", "wrong", "statement"],
    ["I don't think the answer is correct.\nVerdict: RIGHT", "right", "statement"],
    ["I do not believe that the proposed answer is right.\nVerdict: RIGHT", "right", "statement"],
    ["The answer isn't correct.\nVerdict: RIGHT", "right", "statement"],
    // The calculation at the end.
    ["3*4=12.\nVerdict: WRONG", "wrong", "calculation"],
    ["14+10=24. 24-12=12. 12-12=0.\nVerdict: WRONG", "wrong", "calculation"],
    ["14+10=24. 24-12=12. 24-12=12.\nVerdict: WRONG", "wrong", "calculation"],
    ["5+9=14. 14-12=2.\nVerdict: RIGHT", "right", "calculation"],
    // The last word counts.
    ["The answer is wrong. No, wait: the correct answer is 12.\nVerdict: WRONG", "wrong", "answer"]
  ] as const)("%s", (text, verdict, from) => {
    expect(find(text, verdict)).toMatchObject({ from, says: verdict === "right" ? "wrong" : "right" })
  })

  it("is quoted with the sentence that gives it away", () => {
    expect(find("Let me see. So the answer should be 12. Good work!\nVerdict: WRONG", "wrong")?.quote).toBe(
      "So the answer should be 12."
    )
  })

  it("is compared as the task's grader compares: letters of a multiple choice, too", () => {
    expect(find("Therefore the answer is (B).\nVerdict: WRONG", "wrong", "B", choiceGrader)?.from).toBe(
      "answer"
    )
    expect(find("Therefore the answer is (C).\nVerdict: WRONG", "wrong", "B", choiceGrader)).toBeUndefined()
    expect(find("The correct answer is 24/2.\nVerdict: WRONG", "wrong")?.says).toBe("right")
  })
})

describe("no contradiction", () => {
  it.each([
    ["3 bags of 4 are 12.\nVerdict: RIGHT", "right"],
    ["The correct answer is 13.\nVerdict: WRONG", "wrong"],
    // A step is not the answer.
    ["Step 1 is correct. Step 2 is wrong. The answer should be 14.\nVerdict: WRONG", "wrong"],
    ["The first step is correct.\nVerdict: WRONG", "wrong"],
    ["The sum should be 5, then 7 more make 12.\nVerdict: RIGHT", "right"],
    ["3+4=7, which is right so far.\nVerdict: WRONG", "wrong"],
    ["3*4=12. Then 2 are lost.\nVerdict: WRONG", "wrong"],
    ["3*5=15.\nVerdict: RIGHT", "right"],
    // Reported, hedged, asked, conditional.
    ["The proposer claims that the answer is correct.\nVerdict: WRONG", "wrong"],
    ["They wrote 3*4=12.\nVerdict: WRONG", "wrong"],
    ["The answer is correct up to the last step.\nVerdict: WRONG", "wrong"],
    ["If 2 were lost, the answer should be 10.\nVerdict: RIGHT", "right"],
    ["Is the answer correct?\nVerdict: WRONG", "wrong"],
    ["The answer is 12. That leaves out the discount.\nVerdict: WRONG", "wrong"],
    // Denied, or said of something else than the answer's value.
    ["I don't think the answer is correct.\nVerdict: WRONG", "wrong"],
    ["I do not believe that the proposed answer is right.\nVerdict: WRONG", "wrong"],
    ["It cannot be that the answer is correct.\nVerdict: WRONG", "wrong"],
    ["The answer is far from correct.\nVerdict: WRONG", "wrong"],
    ["I see no reason why the answer is incorrect.\nVerdict: RIGHT", "right"],
    ["It's not true that the answer is wrong.\nVerdict: RIGHT", "right"],
    ["I don't believe my result matches the answer.\nVerdict: WRONG", "wrong"],
    ["So the answer is not 13.\nVerdict: RIGHT", "right"],
    ["So the answer is 3*4 = 12.\nVerdict: RIGHT", "right"],
    ["The answer must be less than 20.\nVerdict: RIGHT", "right"],
    ["The correct answer is between 10 and 13.\nVerdict: RIGHT", "right"],
    ["The answer should be divisible by 3.\nVerdict: RIGHT", "right"],
    ["The answer should be rounded to 2 decimal places.\nVerdict: RIGHT", "right"],
    ["The solution should be checked at step 2.\nVerdict: RIGHT", "right"],
    // What is said last counts, be it unclear.
    ["The answer is incorrect. On second thought, it is fine.\nVerdict: RIGHT", "right"],
    ["The answer is incorrect. But perhaps the answer is correct.\nVerdict: RIGHT", "right"],
    ["WRONG", "wrong"],
    ["", "right"]
  ] as const)("%s", (text, verdict) => {
    expect(find(text, verdict)).toBeUndefined()
  })

  it("with an answer that cannot be read, except by words about it", () => {
    expect(
      contradictionOf("The correct answer is 13.\nRIGHT", "right", undefined, numericGrader)
    ).toBeUndefined()
    expect(
      contradictionOf("The answer is wrong.\nVerdict: RIGHT", "right", undefined, numericGrader)?.from
    ).toBe("statement")
  })
})

describe("hostile text", () => {
  it("neither throws nor stalls", () => {
    const words = fc.constantFrom(
      ...[
        "the answer ",
        "is ",
        "not ",
        "correct",
        "should be ",
        "12",
        "=",
        "-",
        " ",
        ".",
        "\n",
        "I get ",
        "(",
        "$"
      ]
    )
    fc.assert(
      fc.property(fc.array(words, { maxLength: 60 }), (parts) => {
        const found = find(parts.join(""), "wrong")
        if (found !== undefined) expect(found.says).toBe("right")
      })
    )
    for (const part of [
      "the answer is ",
      "not ",
      "=",
      "1",
      "1-",
      " ",
      "should be ",
      "a ",
      "agree with the "
    ]) {
      expect(() => find(part.repeat(100_000), "wrong")).not.toThrow()
    }
  })
})
