import type { Effect } from "effect"
import type { ModelError } from "../files/model-error.ts"

/** The tensors of an adapter's open file, under the names of its variables. */
export interface AdapterTensors {
  readonly path: string
  readonly shapes: ReadonlyMap<string, ReadonlyArray<number>>
  /** The values of one tensor, in memory of their own. */
  readonly read: (name: string) => Effect.Effect<Float32Array<ArrayBuffer>, ModelError>
}
