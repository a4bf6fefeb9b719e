import { LearnerError } from "@tracer-sdk/core"
import { deviceProblem } from "../backend/index.ts"

/** Rows of tokens, padding included, that went through the decoder at once. */
export interface BatchSize {
  readonly rows: number
  readonly tokens: number
}

/** A pass through the decoder that failed, with the batch that it was given. */
export class PassFailure extends Error {
  override readonly name = "PassFailure"
  readonly batch: BatchSize

  constructor(batch: BatchSize, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.batch = batch
  }
}

const inWords = ({ rows, tokens }: BatchSize): string =>
  `${rows} ${rows === 1 ? "row" : "rows"} x ${tokens} tokens`

const otherBackend = "Another backend of the policy may have more memory."

const smaller = (batch: BatchSize | undefined, maxTokensPerStep: number): string => {
  const shorten = "shorten the prompts, or lower sampling.maxTokens"
  if (batch?.rows === 1) return `One sequence is not split: ${shorten}. ${otherBackend}`
  const used = batch === undefined ? maxTokensPerStep : batch.rows * batch.tokens
  const limit = Math.min(maxTokensPerStep, used)
  return `Lower the learner's maxTokensPerStep, now ${maxTokensPerStep}, below ${limit}: the step stays the same, in more passes. Where one sequence is too long, ${shorten}. ${otherBackend}`
}

/** What to tell of an update of `who`, as in `ann's proposer`, that failed in the backend. */
export const updateFailure = (who: string, cause: unknown, maxTokensPerStep: number): LearnerError => {
  const batch = cause instanceof PassFailure ? cause.batch : undefined
  const at = batch === undefined ? "" : ` on a batch of ${inWords(batch)}`
  const reason = cause instanceof Error ? cause.message : String(cause)
  switch (deviceProblem(cause)) {
    case "out-of-memory":
      return new LearnerError({
        message: `The update of ${who} ran out of memory${at}: ${reason}`,
        hint: smaller(batch, maxTokensPerStep),
        cause
      })
    case "device-lost":
      return new LearnerError({
        message: `The update of ${who} lost its device${at}: ${reason}`,
        hint: `Resume the run in a new process: a lost device does not come back. ${smaller(batch, maxTokensPerStep)}`,
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
