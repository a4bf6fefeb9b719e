import { describe, expect, it } from "vitest"
import { shuffleChoices } from "./shuffle-choices.ts"

const choices = ["3 eV", "5 eV", "7 eV", "9 eV"]

describe("shuffleChoices", () => {
  it("gives the same order for the same question", () => {
    expect(shuffleChoices("q1", choices)).toEqual(shuffleChoices("q1", choices))
  })

  it("keeps every choice, under the letter that it names", () => {
    const { choices: shown, letters } = shuffleChoices("q1", choices)
    expect(shown.toSorted()).toEqual(choices)
    choices.forEach((choice, index) => {
      const position = (letters[index] ?? "").charCodeAt(0) - "A".charCodeAt(0)
      expect(shown[position]).toBe(choice)
    })
  })

  it("puts the first choice under each letter about equally often", () => {
    const counts = new Map<string, number>()
    for (let question = 0; question < 4000; question++) {
      const letter = shuffleChoices(`question-${question}`, choices).letters[0] ?? "none"
      counts.set(letter, (counts.get(letter) ?? 0) + 1)
    }
    // 1,000 each, with a standard deviation of 27.
    for (const letter of ["A", "B", "C", "D"])
      expect(Math.abs((counts.get(letter) ?? 0) - 1000)).toBeLessThan(140)
  })

  it("refuses more choices than there are letters", () => {
    expect(() =>
      shuffleChoices(
        "q",
        Array.from({ length: 11 }, (_, index) => `${index}`)
      )
    ).toThrow(RangeError)
  })
})
