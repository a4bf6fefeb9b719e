import type { PolicyError, RandomKey } from "@tracer-sdk/core"
import type { Effect } from "effect"
import type { Adapter } from "../decoder/types.ts"
import type { SampleRequest } from "./check-request.ts"
import type { PackedWeights } from "./packed-weights.ts"
import type { PromptCache, ReadPrompt } from "./prompt-cache.ts"
import type { SpokenText } from "./spoken-text.ts"
import type { Stretch } from "./stretch.ts"

/** One continuation, its end token included. */
export interface DrawnTokens {
  readonly ids: ReadonlyArray<number>
  /** Nats, under the distribution drawn from; 0 where greedy. */
  readonly logProbabilities: ReadonlyArray<number>
  /** `stop`: with an end token, or with the token that completed a stop string. */
  readonly finish: "stop" | "length"
}

/** What a request is answered with. */
export type Drawn = Effect.Effect<ReadonlyArray<DrawnTokens>, PolicyError>

/** A request that is waiting or under way. */
export interface Job {
  readonly request: SampleRequest
  /** The most tokens that a continuation may have. */
  readonly limit: number
  readonly draws: Array<DrawnTokens>
  readonly resume: (result: Drawn) => void
  /** Continuations that are not over. */
  left: number
  /** Nobody waits for it any more. */
  cancelled: boolean
}

/** A continuation under way. */
export interface Running {
  readonly job: Job
  readonly index: number
  readonly key: RandomKey
  readonly lane: Lane
  readonly read: ReadPrompt
  readonly own: Stretch
  /** Undefined where nobody asks for the text. */
  readonly text: SpokenText | undefined
  readonly ids: Array<number>
  readonly logProbabilities: Array<number>
  over: boolean
}

/** What draws from one set of weights. */
export interface Lane {
  readonly adapter: Adapter | undefined
  readonly prompts: PromptCache
  /** With the adapter's revision that they hold; undefined: none yet. */
  weights: { readonly packed: PackedWeights; readonly revision: number } | undefined
  queue: Array<Job>
  running: Array<Running>
}
