import { describe, expect, it } from "vitest"
import { readVerdict } from "./verdict.ts"

/** `!` stands for an unreadable verdict. */
const read = (text: string): string => {
  const result = readVerdict(text)
  return result.kind === "verdict" ? result.verdict : "!"
}

const table: ReadonlyArray<readonly [string, string]> = [
  ["**WRONG**", "wrong"],
  ["Verdict: RIGHT", "right"],
  ["1. RIGHT", "right"],
  ["Right or wrong: WRONG", "wrong"],
  ["not right", "wrong"],
  ["Correctness: wrong", "wrong"],
  ["RIGHT or WRONG", "!"],
  ["RIGHT", "right"],
  ["right", "right"],
  ["Correct.", "right"],
  ["Incorrect! The correct answer is 5", "wrong"],
  ["Is it right or wrong? WRONG", "wrong"],
  ["The answer is correct.", "right"],
  ["The proposed answer is not correct.", "wrong"],
  ["The answer isn't quite right", "wrong"],
  ["Verdict: **WRONG**, the right answer is 7", "wrong"],
  ["Right, let me check this. 3+4=8 is wrong", "wrong"],
  ["Right triangles have a hypotenuse", "!"],
  ["I am not sure whether it is right", "!"],
  ["The first step is correct. The second is wrong.", "!"],
  ["Verdict: RIGHT or WRONG", "!"],
  ["**Verdict:** RIGHT\n\nThe answer is wrong", "right"],
  ["Let me check: 3+4=7.\nVerdict: RIGHT", "right"],
  ["neither right nor wrong", "!"],
  ["WRONG because 3+4 is 7", "wrong"],
  ["Not wrong", "right"],
  ["Verdict\nWRONG", "wrong"],
  ["## Verdict\n**RIGHT**", "right"],
  ["✅ Correct", "right"],
  ["\\boxed{WRONG}", "wrong"],
  ["Incorrectly computed", "!"],
  ["The verdict is WRONG", "wrong"],
  ["", "!"],
  ["My verdict is: right", "right"],
  ["I judge this as WRONG.", "wrong"],
  ["It is not the right answer", "wrong"],
  ["The answer is wrong, it should be 5", "wrong"],
  ["Is the answer right? Yes.", "!"],
  ["WRONG. It is right that 3+4=7 but", "wrong"],
  ["Review: not correct", "wrong"],
  ["RIGHT/WRONG: RIGHT", "right"],
  ["The correct answer is 18", "!"],
  ["This solution is incorrect.", "wrong"],
  ["(WRONG)", "wrong"],
  ["Verdict - wrong", "wrong"],
  ["verdict = RIGHT", "right"],
  ["I don't think it's right", "wrong"],
  ["It's correct to say that the sum is 5, but the final answer is wrong", "wrong"],
  ["The answer 18 is right.", "right"],
  ["Answer: RIGHT", "right"],
  ["<verdict>WRONG</verdict>", "wrong"],
  ["Right or wrong? The answer is wrong.", "wrong"],
  ["Verdict: The answer is not right.", "wrong"],
  ["Verdict: I believe WRONG", "wrong"],
  ["RIGHT\nWRONG", "right"],
  ["The answer is neither right nor wrong", "!"],
  ["right and wrong", "!"],
  ["Verdict: undecided", "!"],
  ["**Correct or incorrect:** incorrect", "wrong"]
]

describe("readVerdict", () => {
  it.each(table)("reads %j as %s", (text, expected) => {
    expect(read(text)).toBe(expected)
  })

  it("says whether it found words without a decision or no words at all", () => {
    expect(readVerdict("RIGHT or WRONG")).toEqual({ kind: "unreadable", reason: "it does not decide" })
    expect(readVerdict("Let me see.")).toEqual({ kind: "unreadable", reason: "it holds no verdict" })
  })
})
