import { expect, it } from "@effect/vitest"
import type { TracerEvent } from "@tracer-sdk/core"
import { liveUtterance } from "./live-utterance.ts"

const erase = "\r\u001b[2K"
const where = { episode: 0, round: 1, agent: "ada", seat: "proposer" }
const delta = (text: string): TracerEvent => ({
  type: "utterance-delta",
  ...where,
  role: "proposer",
  text
})
const silence: TracerEvent = { type: "turn-skip", ...where, action: "keep" }

it("shows the end of what is being said on one line, and clears it when it has been said", () => {
  const written: Array<string> = []
  const show = liveUtterance({ redraws: true, width: () => 16, write: (text) => void written.push(text) })
  show(delta("Two bags,\n"))
  show(delta("nine apples"))
  expect(written).toEqual([`${erase}ada: Two bags,`, `${erase}ada: nine apples`])
  written.length = 0
  show(silence)
  expect(written).toEqual([erase])
  show(silence)
  expect(written).toEqual([erase])
})

it("never lets a model write to the terminal's controls", () => {
  const written: Array<string> = []
  const show = liveUtterance({ redraws: true, width: () => 40, write: (text) => void written.push(text) })
  show(delta("\u001b[31mred"))
  expect(written.join("").replaceAll(erase, "")).not.toContain("\u001b")
})
