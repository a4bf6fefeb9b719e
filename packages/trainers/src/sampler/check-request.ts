import { PolicyError } from "@tracer-sdk/core"
import type { Adapter, DecoderConfig } from "../decoder/types.ts"

/** `samples` independent continuations of one prompt. */
export interface SampleRequest {
  /** Token ids; at least one. */
  readonly prompt: ReadonlyArray<number>
  readonly samples: number
  /** The draws are a function of the weights and of this request alone. */
  readonly seed: number
  /** 0 is greedy. */
  readonly temperature: number
  readonly maxTokens: number
  /** Merged into the decoder's weights; undefined: the decoder as it is. */
  readonly adapter: Adapter | undefined
}

/** An error that asking again cannot mend. */
export const refusal = (message: string, hint: string, cause?: unknown): PolicyError =>
  new PolicyError({ message, hint, retryable: false, ...(cause === undefined ? {} : { cause }) })

/** Why a decoder cannot serve `request`; undefined where it can. */
export const problemOf = (
  config: DecoderConfig,
  { prompt, temperature, maxTokens, samples }: SampleRequest
): PolicyError | undefined => {
  if (prompt.length === 0) return refusal("The prompt has no tokens.", "Send at least one token.")
  if (prompt.length >= config.maximumPositions) {
    return refusal(
      `The prompt's ${prompt.length} tokens leave no room in the model's ${config.maximumPositions} positions.`,
      "Shorten the question or the transcript, or use a model with more positions."
    )
  }
  if (prompt.some((token) => token < 0 || token >= config.vocabularySize)) {
    return refusal(
      `The prompt has a token beyond the vocabulary of ${config.vocabularySize}.`,
      "Check that the tokenizer belongs to the model."
    )
  }
  if (!(temperature >= 0) || !(maxTokens >= 1) || !(samples >= 1)) {
    return refusal(
      `Cannot draw ${samples} samples of ${maxTokens} tokens at temperature ${temperature}.`,
      "Samples and tokens are at least 1, the temperature at least 0."
    )
  }
  return undefined
}
