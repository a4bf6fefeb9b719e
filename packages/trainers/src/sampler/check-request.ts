import { PolicyError, type Sampling } from "@tracer-sdk/core"
import type { Adapter, DecoderConfig } from "../decoder/types.ts"

/** `samples` independent continuations of one prompt; with stop strings one ends with the token that completes one of them. */
export interface SampleRequest extends Sampling {
  /** Token ids; at least one. */
  readonly prompt: ReadonlyArray<number>
  readonly samples: number
  /** The draws are a function of the weights and of this request alone. */
  readonly seed: number
  /** What holds on top of the decoder's weights; undefined: nothing. */
  readonly adapter: Adapter | undefined
  /**
   * Told of each sample's text as it grows, in whole characters; the beginning of a stop string waits until it is none. A sampler
   * that does not know its text before the end need not call it.
   */
  readonly onText?: (sample: number, text: string) => void
}

/** An error that asking again cannot mend. */
export const refusal = (message: string, hint: string, cause?: unknown): PolicyError =>
  new PolicyError({ message, hint, retryable: false, ...(cause === undefined ? {} : { cause }) })

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1

/** Why a decoder cannot serve `request`; undefined where it can. */
export const problemOf = (
  config: DecoderConfig,
  { prompt, temperature, maxTokens, samples, topP = 1, topK = 1, stop = [] }: SampleRequest
): PolicyError | undefined => {
  if (prompt.length === 0) return refusal("The prompt has no tokens.", "Send at least one token.")
  if (prompt.length >= config.maximumPositions) {
    return refusal(
      `The prompt's ${prompt.length} tokens leave no room in the model's ${config.maximumPositions} positions.`,
      "Shorten the question or the transcript, or use a model with more positions."
    )
  }
  const stranger = prompt.find(
    (token) => !(Number.isInteger(token) && token >= 0 && token < config.vocabularySize)
  )
  if (stranger !== undefined) {
    return refusal(
      `The prompt has the token ${stranger}, which is none of the vocabulary's ${config.vocabularySize}.`,
      "Check that the tokenizer belongs to the model."
    )
  }
  if (!(temperature >= 0) || !isCount(maxTokens) || !isCount(samples)) {
    return refusal(
      `Cannot draw ${samples} samples of ${maxTokens} tokens at temperature ${temperature}.`,
      "Samples and tokens are whole numbers from 1 on, the temperature is at least 0."
    )
  }
  if (!(topP > 0) || !(topP <= 1) || !isCount(topK) || stop.includes("")) {
    return refusal(
      `Cannot draw with top-p ${topP}, top-k ${topK} and the stop strings ${JSON.stringify(stop)}.`,
      "Top-p is above 0 and at most 1, top-k a whole number from 1 on, and a stop string has at least one character."
    )
  }
  return undefined
}
