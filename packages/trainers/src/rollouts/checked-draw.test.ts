import { expect, it } from "@effect/vitest"
import { Result } from "effect"
import * as fc from "fast-check"
import { checkedDraw, type DrawChecks } from "./checked-draw.ts"

const checks: DrawChecks = {
  vocabularySize: 10,
  endTokens: [0, 9],
  sampling: { temperature: 1, maxTokens: 4 },
  tokenizer: { decode: (ids) => ids.join(".") }
}
const draw = (ids: ReadonlyArray<number>, stopped = false) => ({
  ids,
  logProbabilities: ids.map((id) => -id - 1),
  stopped
})

it("a draw ends with its first end token, also where the server went on", () => {
  expect(checkedDraw(draw([3, 9, 4, 0], true), checks)).toEqual(
    Result.succeed({ ids: [3, 9], logProbabilities: [-4, -10], finish: "stop" })
  )
})

it("a draw is no longer than was asked for: llama.cpp goes on to the end of a character", () => {
  expect(checkedDraw(draw([1, 2, 3, 4, 5]), checks)).toEqual(
    Result.succeed({ ids: [1, 2, 3, 4], logProbabilities: [-2, -3, -4, -5], finish: "length" })
  )
})

it("a draw may stop without an end token at a stop string alone", () => {
  expect(Result.isFailure(checkedDraw(draw([1, 2], true), checks))).toBe(true)
  const stop = { ...checks, sampling: { ...checks.sampling, stop: ["1.2"] } }
  expect(checkedDraw(draw([1, 2], true), stop)).toMatchObject({ success: { ids: [1, 2], finish: "stop" } })
  expect(checkedDraw(draw([2, 1], true), stop)).toMatchObject({
    failure: expect.stringContaining("nor is one of the stop strings in its text")
  })
})

it("a probability of a rounding above 1 is 1, and a greedy token's is 1", () => {
  const rounded = checkedDraw({ ids: [0], logProbabilities: [2e-7], stopped: true }, checks)
  expect(rounded).toMatchObject({ success: { logProbabilities: [0] } })
  const greedy = { ...checks, sampling: { temperature: 0, maxTokens: 4 } }
  expect(checkedDraw(draw([5, 0], true), greedy)).toMatchObject({ success: { logProbabilities: [0, 0] } })
})

it("what is kept of a draw is a beginning of it, with its log-probabilities", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 8 }), (ids) => {
      const kept = Result.getOrThrow(checkedDraw(draw(ids), checks))
      expect(kept.ids).toEqual(ids.slice(0, kept.ids.length))
      expect(kept.logProbabilities).toEqual(kept.ids.map((id) => -id - 1))
      expect(kept.ids.slice(0, -1).some((id) => checks.endTokens.includes(id))).toBe(false)
      expect(kept.finish === "stop").toBe(checks.endTokens.includes(kept.ids.at(-1) ?? -1))
    })
  )
})
