import { join } from "node:path"
import { Effect, Schema, type Scope } from "effect"
import type { Adapter, FullConfig, LastLayersConfig } from "../decoder/types.ts"
import type { ModelError } from "../files/model-error.ts"
import { readJson } from "../files/read-file.ts"
import { writeJson } from "../files/write-file.ts"
import { openSafetensors, writeSafetensors } from "../safetensors/index.ts"
import { type AdapterTensors, variableSources } from "./adapter-tensors.ts"

/** The files of a training of whole weights: what was trained, and the weights under the names that the base model has for them. */
export const trainedConfigFile = "trained_weights.json"
const tensorsFile = "trained_weights.safetensors"

const WeightsFile = Schema.Union([
  Schema.Struct({
    kind: Schema.Literal("layers"),
    last: Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))
  }),
  Schema.Struct({ kind: Schema.Literal("full") })
])

const hint = "Use weights that were trained here on this base model, in a folder that is whole and unchanged."

/** Writes `trained_weights.json` and `trained_weights.safetensors`, one weight at a time. */
export const saveTrainedWeights = Effect.fnUntraced(function* (
  config: LastLayersConfig | FullConfig,
  variables: Adapter["variables"],
  directory: string
): Effect.fn.Return<void, ModelError> {
  yield* writeSafetensors(join(directory, tensorsFile), variableSources(variables), "float32")
  yield* writeJson(join(directory, trainedConfigFile), config)
})

/** Which weights a folder holds. */
export const readTrainedConfig = (
  directory: string
): Effect.Effect<LastLayersConfig | FullConfig, ModelError> =>
  readJson(WeightsFile, join(directory, trainedConfigFile), hint)

/** Opens the weights of a folder for the time of the scope. */
export const openTrainedWeights = Effect.fnUntraced(function* (
  directory: string
): Effect.fn.Return<AdapterTensors, ModelError, Scope.Scope> {
  const { path, entries, read } = yield* openSafetensors(join(directory, tensorsFile), hint)
  return { path, shapes: new Map([...entries].map(([name, { shape }]) => [name, shape])), read }
})
