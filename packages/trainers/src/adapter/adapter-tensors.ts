import type { Effect } from "effect"
import type { Adapter } from "../decoder/types.ts"
import type { ModelError } from "../files/model-error.ts"
import type { TensorSource } from "../safetensors/index.ts"

/** The tensors of an adapter's open file, under the names of its variables. */
export interface AdapterTensors {
  readonly path: string
  readonly shapes: ReadonlyMap<string, ReadonlyArray<number>>
  /** The values of one tensor, in memory of their own. */
  readonly read: (name: string) => Effect.Effect<Float32Array<ArrayBuffer>, ModelError>
}

/** An adapter's variables for a file, each read from the device when its turn comes; `prefix` goes before their names. */
export const variableSources = (
  variables: Adapter["variables"],
  prefix = ""
): ReadonlyMap<string, TensorSource> =>
  new Map(
    Object.entries(variables).map(([name, variable]) => [
      `${prefix}${name}`,
      { shape: variable.shape, values: async () => Float32Array.from(await variable.data()) }
    ])
  )
