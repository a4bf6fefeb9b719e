import type { PolicyError, RandomKey } from "@tracer-sdk/core"
import type { Effect } from "effect"
import type { Adapter } from "../decoder/types.ts"
import type { SampleRequest } from "./check-request.ts"
import type { Stretch } from "./decode-rows.ts"
import type { PackedLayer } from "./packed-decoder.ts"
import type { PromptCache, ReadPrompt } from "./prompt-cache.ts"

/** One continuation, its end token included. */
export interface DrawnTokens {
  readonly ids: ReadonlyArray<number>
  /** Nats, under the distribution drawn from; 0 where greedy. */
  readonly logProbabilities: ReadonlyArray<number>
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
  readonly ids: Array<number>
  readonly logProbabilities: Array<number>
}

/** What draws from one set of weights. */
export interface Lane {
  readonly adapter: Adapter | undefined
  readonly layers: ReadonlyArray<PackedLayer>
  readonly prompts: PromptCache
  /** The adapter's revision that `layers` hold; -1: none yet. */
  revision: number
  queue: Array<Job>
  running: Array<Running>
}
