import type { Sampling } from "@tracer-sdk/core"
import type { Effect } from "effect"
import type { CallFailure } from "./call-failure.ts"

/** Continuations that a server is to draw. */
export interface DrawRequest {
  readonly prompt: ReadonlyArray<number>
  readonly samples: number
  readonly seed: number
  readonly sampling: Sampling
  /** The name of a loaded adapter; undefined: the model that the server was started with. */
  readonly adapter: string | undefined
  /** What ends a completion. */
  readonly endTokens: ReadonlyArray<number>
}

/** A continuation as a server reports it. */
export interface ServedDraw {
  readonly ids: ReadonlyArray<number>
  /** Nats, one for each token; undefined where the server has left some out. */
  readonly logProbabilities: ReadonlyArray<number> | undefined
  /** The server ended it at an end token or a stop string, not at the limit. */
  readonly stopped: boolean
}

/** Adapters that a server loads while it runs. */
export interface AdapterRoutes {
  /** `path` is a directory in PEFT's layout, as the server sees it. */
  readonly load: (name: string, path: string) => Effect.Effect<void, CallFailure>
  readonly unload: (name: string) => Effect.Effect<void, CallFailure>
}

/** An engine that draws continuations of token ids, behind a server of one dialect. */
export interface RolloutServer {
  /** Names the server in errors; begins a sentence. */
  readonly where: string
  /** The most tokens that prompt and completion may have together; undefined where it does not tell. */
  readonly maximumPositions: number | undefined
  /** Absent where the server's weights are what it was started with. */
  readonly adapters?: AdapterRoutes
  /** Token ids of a text, nothing put before or after. */
  readonly tokenize: (text: string) => Effect.Effect<ReadonlyArray<number>, CallFailure>
  /** As many continuations as were asked for. */
  readonly draw: (request: DrawRequest) => Effect.Effect<ReadonlyArray<ServedDraw>, CallFailure>
}
