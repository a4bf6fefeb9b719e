import { describe, expect, it } from "vitest"
import { exactGrader } from "./exact.ts"

describe("exactGrader", () => {
  it.each([
    ["Final answer: Paris", "paris"],
    ["**Paris.**", "paris"],
    ["The answer is  New\tYork!", "new york"],
    ["\\boxed{Oslo}", "oslo"]
  ])("reads %j as %s", (text, expected) => {
    expect(exactGrader.read(text)).toMatchObject({ kind: "answer", answer: { canonical: expected } })
  })

  it("reads nothing in an empty text", () => {
    expect(exactGrader.read(" \n").kind).toBe("unreadable")
  })

  it("takes a gold that follows ####", () => {
    expect(exactGrader.gold("Because.\n#### Paris")).toMatchObject({ answer: { canonical: "paris" } })
  })
})
