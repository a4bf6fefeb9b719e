import type { Effect } from "effect"
import type { PolicyError } from "./errors.ts"
import type { Prompt } from "./role.ts"
import type { View } from "./transcript.ts"

/** How to draw from a language model. Draws to learn from take neither `topP` nor `topK`, so that a learner can score them. */
export interface Sampling {
  /** 0 is greedy. */
  readonly temperature: number
  /** The longest completion, in tokens. */
  readonly maxTokens: number
  /** Draws from the likeliest tokens alone that together have at least this probability; above 0, at most 1. */
  readonly topP?: number
  /** Draws from this many of the likeliest tokens alone; comes before `topP`. */
  readonly topK?: number
  /** A completion ends where it says one of these; its text is what came before. */
  readonly stop?: ReadonlyArray<string>
}

/** One call to a language model: `samples` independent completions of the same prompt. */
export interface GenerateRequest {
  readonly prompt: Prompt
  readonly samples: number
  readonly sampling: Sampling
  /** 32-bit; the completions are a function of (weights, request) where the policy can make them so. */
  readonly seed: number
  readonly agent: string
  readonly role: string
  /** What the prompt was made from: for policies that are simulated, recorded or routed by task. */
  readonly view: View
  /**
   * Told of each sample's text while it is spoken, in whole characters; put together, the pieces are the completion's text. A policy
   * that knows its texts only when they are finished does not call it.
   */
  readonly onText?: (sample: number, text: string) => void
}

/** Tokens as a sampler drew them; all three have one entry per completion token, the end token included. */
export interface SampledTokens {
  readonly prompt: ReadonlyArray<number>
  readonly ids: ReadonlyArray<number>
  /** Natural logarithms under the very distribution drawn from. */
  readonly logProbabilities: ReadonlyArray<number>
}

/** Tokens read and written by a call. */
export interface Usage {
  readonly prompt: number
  readonly completion: number
}

/** One utterance of a language model. */
export interface Completion {
  readonly text: string
  readonly usage: Usage
  /** `length`: cut off at `maxTokens`. */
  readonly finish: "stop" | "length"
  readonly tokens?: SampledTokens
}

/** A language model as the engine needs it. */
export interface Policy {
  readonly name: string
  /**
   * True where completions depend on nothing but the prompt's messages, the number of samples, the sampling and the seed as long as
   * the weights stay as they are, so that a cache may give them again.
   */
  readonly repeatable?: boolean
  /** Exactly `request.samples` completions. */
  generate(request: GenerateRequest): Effect.Effect<ReadonlyArray<Completion>, PolicyError>
}
