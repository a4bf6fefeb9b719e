import * as tf from "@tensorflow/tfjs"
import { Effect } from "effect"
import type { Adapter, AdapterConfig, DecoderConfig } from "../decoder/types.ts"
import { upload } from "../decoder/upload.ts"
import { ModelError } from "../files/model-error.ts"
import { makeAdapter } from "./create-adapter.ts"
import { saveLora } from "./lora-file.ts"
import { type OpenAdapter, openAdapter } from "./open-adapter.ts"
import { saveTrainedWeights } from "./trained-weights-file.ts"

/** Writes a LoRA adapter as PEFT and vLLM read it, or the whole weights that were trained with a file that says which. */
export const saveAdapter = Effect.fn("saveAdapter")(function* (
  { config, variables }: Adapter,
  directory: string
): Effect.fn.Return<void, ModelError> {
  if (config.kind === "lora") yield* saveLora(config, variables, directory)
  else yield* saveTrainedWeights(config, variables, directory)
})

/** The variables of an adapter's file; none is left behind where one cannot be read. */
const readVariables = Effect.fnUntraced(function* ({
  shapes,
  tensors
}: OpenAdapter): Effect.fn.Return<Record<string, tf.Variable>, ModelError> {
  const variables: Record<string, tf.Variable> = {}
  const readOne = Effect.fnUntraced(function* ([name, shape]: readonly [string, ReadonlyArray<number>]) {
    const tensor = upload(yield* tensors.read(name), shape)
    variables[name] = tf.variable(tensor)
    tensor.dispose()
  })
  yield* Effect.forEach(shapes, readOne, { discard: true }).pipe(
    Effect.onError(() => Effect.sync(() => tf.dispose(Object.values(variables))))
  )
  return variables
})

/**
 * The adapter of a folder, with the settings that are saved there: one of this package, or a LoRA adapter from PEFT in 32- or 16-bit
 * floats. Fails with a `ModelError` that names what does not fit `decoder`, or what cannot be followed.
 */
export const readAdapter = Effect.fn("readAdapter")(
  (name: string, decoder: DecoderConfig, directory: string): Effect.Effect<Adapter, ModelError> =>
    Effect.scoped(
      Effect.gen(function* () {
        const opened = yield* openAdapter(directory, decoder)
        return makeAdapter(name, opened.config, yield* readVariables(opened), 1)
      })
    )
)

const describe = (config: AdapterConfig): string => {
  switch (config.kind) {
    case "lora":
      return `LoRA of rank ${config.rank}, alpha ${config.alpha} on ${[...config.targets].sort().join(" ")}`
    case "layers":
      return `whole weights of the last ${config.last} layers`
    case "full":
      return "all weights"
  }
}

/**
 * Reads a saved adapter into `adapter`, whose settings have to be the saved ones; it changes only if all of the files are good. Fails
 * with a `ModelError` that names what differs.
 */
export const loadAdapter = Effect.fn("loadAdapter")(
  (adapter: Adapter, decoder: DecoderConfig, directory: string): Effect.Effect<void, ModelError> =>
    Effect.scoped(
      Effect.gen(function* () {
        const opened = yield* openAdapter(directory, decoder)
        if (describe(opened.config) !== describe(adapter.config)) {
          return yield* new ModelError({
            message: `${directory}: ${describe(opened.config)}; expected ${describe(adapter.config)}.`,
            hint: "Load the model with the adapter settings that were saved, or choose another folder.",
            path: directory
          })
        }
        const read = yield* readVariables(opened)
        for (const [name, variable] of Object.entries(adapter.variables)) {
          const saved = read[name]
          if (saved !== undefined) variable.assign(saved)
        }
        tf.dispose(Object.values(read))
        adapter.revision += 1
      })
    )
)
