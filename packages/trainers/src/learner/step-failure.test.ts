import { expect, test } from "vitest"
import { PassFailure, updateFailure } from "./step-failure.ts"

test("memory that ran out names the batch, and what to lower", () => {
  const cause = new Error("OOM when allocating tensor with shape[2048,151936]")
  const { message, hint } = updateFailure(
    "ann's proposer",
    new PassFailure({ rows: 4, tokens: 512 }, cause),
    8192
  )
  expect(message).toContain(
    "The update of ann's proposer ran out of memory on a batch of 4 rows x 512 tokens: OOM"
  )
  expect(hint).toContain("maxTokensPerStep, now 8192, below 2048")
  expect(hint).toContain("Another backend")
})

test("a single row that is too long cannot be helped by smaller passes", () => {
  const cause = new Error("std::bad_alloc")
  const { message, hint } = updateFailure(
    "ann's judge",
    new PassFailure({ rows: 1, tokens: 9000 }, cause),
    8192
  )
  expect(message).toContain("1 row x 9000 tokens")
  expect(hint).not.toContain("maxTokensPerStep")
  expect(hint).toContain("sampling.maxTokens")
})

test("a lost device asks for a new process", () => {
  const cause = new Error("the device was lost (unknown)")
  const { message, hint } = updateFailure(
    "ann's judge",
    new PassFailure({ rows: 2, tokens: 64 }, cause),
    8192
  )
  expect(message).toContain("lost its device on a batch of 2 rows x 64 tokens")
  expect(hint).toContain("new process")
  expect(hint).toContain("below 128")
})

test("what is no lack of memory is not blamed on it", () => {
  const failure = updateFailure("ann's judge", new Error("The loss does not depend on x."), 8192)
  expect(failure.message).toBe("The update of ann's judge failed: The loss does not depend on x.")
  expect(failure.hint).not.toContain("maxTokensPerStep")
})
