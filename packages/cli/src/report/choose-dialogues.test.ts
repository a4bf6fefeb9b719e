import { describe, expect, it } from "vitest"
import { chooseDialogues } from "./choose-dialogues.ts"

const dialogue = (name: string, system: string, ...credits: ReadonlyArray<number | undefined>) => ({
  name,
  system,
  turns: credits.map((credit, i) => ({
    agent: i % 2 === 0 ? "ada" : "bob",
    ...(credit === undefined ? { credit: 0 } : { text: "...", credit })
  }))
})

const chosen = (most: number, ...dialogues: ReadonlyArray<ReturnType<typeof dialogue>>) =>
  chooseDialogues(dialogues, most).map(({ name }) => name)

describe("chooseDialogues", () => {
  it("takes one of each system before a second one, and those first in which turns counted most", () => {
    expect(
      chosen(
        3,
        dialogue("small", "a", 0, 2),
        dialogue("large", "a", 2, 2, 2),
        dialogue("other", "b", 0, -2),
        dialogue("third", "c", -2, -2)
      )
    ).toEqual(["large", "third", "other"])
  })

  it("prefers exchanges to what one agent says alone", () => {
    expect(chosen(1, dialogue("alone", "a", 2, undefined, 2), dialogue("exchange", "b", 0, 0))).toEqual([
      "exchange"
    ])
  })

  it("keeps the order of equals, and takes all where there are few", () => {
    expect(chosen(9, dialogue("first", "a", 0, 2), dialogue("second", "b", 2, 0))).toEqual([
      "first",
      "second"
    ])
    expect(chosen(9)).toEqual([])
  })
})
