import { describe, expect, it } from "vitest"
import { graderConformance } from "../testing/index.ts"
import { defineGrader } from "./define-grader.ts"
import type { Grader } from "./grader.ts"
import { graders } from "./graders.ts"

/** Dates of the Gregorian calendar, as day and month in English or as numbers. */
const months = ["january", "february", "march", "april", "may", "june", "july"]
const dates = defineGrader({
  name: "date",
  parse: (words) => {
    const named = /(\d{1,2})(?:st|nd|rd|th)? (?:of )?([a-z]+)/i.exec(words)
    const month = months.indexOf(named?.[2]?.toLowerCase() ?? "") + 1
    if (named !== null && month > 0) return `${Number(named[1])}.${month}.`
    const numbers = /(\d{1,2})\.(\d{1,2})\./.exec(words)
    return numbers === null ? undefined : `${Number(numbers[1])}.${Number(numbers[2])}.`
  }
})

/** Whole numbers that are equal up to a multiple of 12. */
const clock = defineGrader({
  name: "clock",
  parse: (words) => /-?\d+/.exec(words)?.[0],
  equal: (answer, gold) => (Number(answer) - Number(gold)) % 12 === 0
})

const read = (grader: Grader, text: string): string | undefined => {
  const answer = grader.read(text)
  return answer.kind === "answer" ? answer.answer.canonical : undefined
}

describe("defineGrader", () => {
  it.each([
    ["It was spring.\nFinal answer: the 3rd of May", "3.5."],
    ["\\boxed{03.05.}", "3.5."],
    ["#### 3 May", "3.5."],
    ["First I thought of 1 June.\nSo 3 May", "3.5."],
    ["Final answer: 3 May\n\nQuestion: And the next day?\nFinal answer: 4 May", "3.5."],
    ["3 May\nFinal answer: unknown", undefined],
    ["", undefined]
  ])("finds the words in %j", (text, expected) => {
    expect(read(dates, text)).toBe(expected)
  })

  it("compares by its own function, and by equal spellings without one", () => {
    const [two, fourteen, three] = ["2", "14", "3"].map((text) => ({ text, canonical: text }))
    if (two === undefined || fourteen === undefined || three === undefined) throw new Error("three answers")
    expect([clock.equal(fourteen, two), clock.equal(three, two)]).toEqual([true, false])
    expect(dates.equal(two, fourteen)).toBe(false)
  })

  it("takes what its functions throw for no answer, and for a difference", () => {
    const broken = defineGrader({
      name: "broken",
      parse: () => {
        throw new Error("no idea")
      },
      equal: () => {
        throw new Error("no idea")
      }
    })
    expect(broken.gold("1")).toEqual({ kind: "unreadable", reason: "broken cannot read it: no idea" })
    expect(broken.equal({ text: "1", canonical: "1" }, { text: "2", canonical: "2" })).toBe(false)
  })
})

describe("the conformance kit of graders", () => {
  const golds: Readonly<Record<string, ReadonlyArray<string>>> = {
    numeric: ["18", "0.5", "-3", "1,234"],
    boxed: ["\\frac12", "(1,2)", "x^2", "\\text{Friday}"],
    choice: ["A", "B", "C"],
    exact: ["Paris", "New York"]
  }
  for (const grader of [...Object.values(graders), dates, clock]) {
    describe(grader.name, () => {
      const own = golds[grader.name] ?? ["3.5.", "4.5."]
      for (const { name, check } of graderConformance(grader, own)) it(name, check)
    })
  }

  const unmet = async (grader: Grader) => {
    const names: Array<string> = []
    for (const { name, check } of graderConformance(grader, ["1", "2"]))
      await check().catch(() => names.push(name))
    return names
  }

  it("catches graders that take everything for equal, that throw, and that find no gold", async () => {
    const plain = defineGrader({ name: "plain", parse: (words) => words })
    expect(await unmet(plain)).toEqual([])
    expect(await unmet({ ...plain, equal: () => true })).toEqual([
      "every answer equals itself, and no two golds are equal, in either order"
    ])
    expect(await unmet({ ...plain, equal: (answer, gold) => answer.text <= gold.text })).toContain(
      "equality is symmetric, also among answers read from hostile texts"
    )
    const throwing = (): never => {
      throw new Error("hostile")
    }
    expect(await unmet({ ...plain, read: throwing })).toContain(
      "reading never throws, and is a function of the text"
    )
    const blind = defineGrader({ name: "blind", parse: () => undefined })
    expect(await unmet(blind)).toContain("every gold can be read")
  })
})
