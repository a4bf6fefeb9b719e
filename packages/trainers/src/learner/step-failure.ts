import { LearnerError } from "@tracer-sdk/core"
import { deviceProblem } from "../backend/index.ts"
import type { ScoredBatch } from "./batching.ts"
import type { GspoOptions } from "./options.ts"

/** What went through the decoder at once: rows of tokens, padding included. */
export interface BatchSize {
  readonly rows: number
  readonly tokens: number
  /** More than `rows` where completions of a prompt share a row. */
  readonly sequences: number
}

/** The size of a batch. */
export const batchSize = ({ tokens, loss }: ScoredBatch): BatchSize => ({
  rows: tokens.batch,
  tokens: tokens.time,
  sequences: loss.batch
})

/** A pass through the decoder that failed, with the batch that it was given. */
export class PassFailure extends Error {
  override readonly name = "PassFailure"
  readonly batch: BatchSize

  constructor(batch: BatchSize, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.batch = batch
  }
}

/** The options that decide what an update needs. */
type Memory = Pick<GspoOptions, "maxTokensPerStep" | "checkpointing">

const inWords = ({ rows, tokens }: BatchSize): string =>
  `${rows} ${rows === 1 ? "row" : "rows"} x ${tokens} tokens`

const otherBackend = "Another backend of the policy may have more memory."

const smaller = (batch: BatchSize | undefined, { maxTokensPerStep, checkpointing }: Memory): string => {
  if (batch === undefined) {
    return `The optimizer holds two more numbers for each weight that is trained: train fewer, by LoRA, at a lower rank, or in fewer layers. ${otherBackend}`
  }
  const keepLess = checkpointing
    ? ""
    : "Set the learner's checkpointing to true: a pass then keeps far less, and takes about a third more time. "
  const shorten = "shorten the prompts, or lower sampling.maxTokens"
  if (batch.sequences === 1) return `${keepLess}One sequence is not split: ${shorten}. ${otherBackend}`
  const limit = Math.min(maxTokensPerStep, batch.rows * batch.tokens)
  return `Lower the learner's maxTokensPerStep, now ${maxTokensPerStep}, below ${limit}: the step stays the same, in more passes. ${keepLess}Where one sequence is too long, ${shorten}. ${otherBackend}`
}

/** What to tell of an update of `who`, as in `ann's proposer`, that failed in the backend: in a pass, or before the first. */
export const updateFailure = (who: string, cause: unknown, options: Memory): LearnerError => {
  const batch = cause instanceof PassFailure ? cause.batch : undefined
  const at = batch === undefined ? "" : ` on a batch of ${inWords(batch)}`
  const reason = cause instanceof Error ? cause.message : String(cause)
  switch (deviceProblem(cause)) {
    case "out-of-memory":
      return new LearnerError({
        message: `The update of ${who} ran out of memory${at}: ${reason}`,
        hint: smaller(batch, options),
        cause
      })
    case "device-lost":
      return new LearnerError({
        message: `The update of ${who} lost its device${at}: ${reason}`,
        hint: `Resume the run in a new process: a lost device does not come back. ${smaller(batch, options)}`,
        cause
      })
    case undefined:
      return new LearnerError({
        message: `The update of ${who} failed${at}: ${reason}`,
        hint: "This is no lack of memory: the message says what the computation met. The adapter's saved weights are as they were.",
        cause
      })
  }
}
