import { PolicyError } from "@tracer-sdk/core"
import type { DecoderConfig } from "../decoder/types.ts"
import { refusal, type SampleRequest } from "./check-request.ts"
import { HeapFull, inMebibytes } from "./heap.ts"
import { stretchBytes } from "./stretch.ts"

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/** Why a request was not served; one that lacked memory hears how much it asked for. */
export const failureOf = (config: DecoderConfig, request: SampleRequest, cause: unknown): PolicyError => {
  if (cause instanceof PolicyError) return cause
  if (!(cause instanceof HeapFull)) {
    return refusal(`The sampler failed: ${reasonOf(cause)}.`, "Please report this.", cause)
  }
  const { prompt, samples, maxTokens } = request
  const limit = Math.min(maxTokens, config.maximumPositions - prompt.length)
  const bytes = stretchBytes(config, prompt.length + samples * limit)
  return refusal(
    `There is no memory for ${samples} samples of up to ${limit} tokens after ${prompt.length} prompt tokens, whose keys and values take ${inMebibytes(bytes)}: ${cause.message}.`,
    "Lower sampling.maxTokens or the samples of a group (training.groupSize), or use a smaller model.",
    cause
  )
}

/** Why a request whose listener threw is not served. */
export const listenerFailureOf = (cause: unknown): PolicyError =>
  refusal(
    `The function that is told of a sample's text failed: ${reasonOf(cause)}.`,
    "Mend onText: it must not throw.",
    cause
  )

/** Why an adapter's weights cannot be drawn from. */
export const weightsFailureOf = (cause: unknown): PolicyError =>
  cause instanceof HeapFull
    ? refusal(
        `There is no memory for an adapter's weights beside the model's: ${cause.message}.`,
        'Train with adapter.kind "lora", whose weights are small, train fewer layers or agents, or use a smaller model.',
        cause
      )
    : refusal(`An adapter's weights cannot be read: ${reasonOf(cause)}.`, "Please report this.", cause)
