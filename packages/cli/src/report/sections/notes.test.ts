import { expect, it } from "vitest"
import { takeNotes } from "./notes.ts"

it("marks the same note the same, and others by the alphabet, beyond z with two letters", () => {
  const { mark, notes } = takeNotes()
  const marks = Array.from({ length: 54 }, (_, i) => mark(`note ${i}`))
  expect(marks.slice(0, 3)).toEqual(["a", "b", "c"])
  expect(marks.slice(25, 28)).toEqual(["z", "aa", "ab"])
  expect(marks.slice(51)).toEqual(["az", "ba", "bb"])
  expect(mark("note 1")).toBe("b")
  expect(notes()).toHaveLength(54)
  expect(notes()[26]).toEqual({ mark: "aa", text: "note 26" })
})
