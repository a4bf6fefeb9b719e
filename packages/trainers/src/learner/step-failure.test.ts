import { expect, test } from "vitest"
import { PassFailure, updateFailure } from "./step-failure.ts"

const options = { maxTokensPerStep: 8192, checkpointing: false }

test("memory that ran out names the batch, and what to lower", () => {
  const cause = new Error("OOM when allocating tensor with shape[2048,151936]")
  const { message, hint } = updateFailure(
    "ann's proposer",
    new PassFailure({ rows: 4, tokens: 512, sequences: 4 }, cause),
    options
  )
  expect(message).toContain(
    "The update of ann's proposer ran out of memory on a batch of 4 rows x 512 tokens: OOM"
  )
  expect(hint).toContain("maxTokensPerStep, now 8192, below 2048")
  expect(hint).toContain("Another backend")
})

test("checkpointing is offered where it is off", () => {
  const failure = new PassFailure({ rows: 1, tokens: 900, sequences: 1 }, new Error("std::bad_alloc"))
  const hintOf = (checkpointing: boolean) =>
    updateFailure("ann's judge", failure, { ...options, checkpointing }).hint
  expect(hintOf(false)).toContain("Set the learner's checkpointing to true")
  expect(hintOf(true)).not.toContain("checkpointing")
})

test("a single row that is too long cannot be helped by smaller passes", () => {
  const cause = new Error("std::bad_alloc")
  const { message, hint } = updateFailure(
    "ann's judge",
    new PassFailure({ rows: 1, tokens: 9000, sequences: 1 }, cause),
    options
  )
  expect(message).toContain("1 row x 9000 tokens")
  expect(hint).not.toContain("maxTokensPerStep")
  expect(hint).toContain("sampling.maxTokens")
})

test("completions that share a row are laid apart by smaller passes", () => {
  const shared = new PassFailure({ rows: 1, tokens: 2560, sequences: 4 }, new Error("std::bad_alloc"))
  expect(updateFailure("ann's judge", shared, options).hint).toContain("now 8192, below 2560")
})

test("memory that runs out before the first batch is asked back from what is trained", () => {
  const { message, hint } = updateFailure("ann's judge", new Error("std::bad_alloc"), options)
  expect(message).toContain("ann's judge ran out of memory: std::bad_alloc")
  expect(hint).toContain("train fewer, by LoRA")
  expect(hint).not.toContain("maxTokensPerStep")
})

test("a lost device asks for a new process", () => {
  const cause = new Error("the device was lost (unknown)")
  const { message, hint } = updateFailure(
    "ann's judge",
    new PassFailure({ rows: 2, tokens: 64, sequences: 2 }, cause),
    options
  )
  expect(message).toContain("lost its device on a batch of 2 rows x 64 tokens")
  expect(hint).toContain("new process")
  expect(hint).toContain("below 128")
})

test("what is no lack of memory is not blamed on it", () => {
  const failure = updateFailure("ann's judge", new Error("The loss does not depend on x."), options)
  expect(failure.message).toBe("The update of ann's judge failed: The loss does not depend on x.")
  expect(failure.hint).not.toContain("maxTokensPerStep")
})
