import { existsSync } from "node:fs"
import { join } from "node:path"
import * as tf from "@tensorflow/tfjs"
import { Effect } from "effect"
import type { Adapter, AdapterConfig, DecoderConfig } from "../decoder/types.ts"
import { ModelError } from "../files/model-error.ts"
import type { HostTensor } from "../safetensors/index.ts"
import { makeAdapter } from "./create-adapter.ts"
import { readLoraConfig, readLoraTensors, saveLora } from "./lora-file.ts"
import { variableShapes } from "./variable-shapes.ts"
import { readWeights, readWeightsConfig, saveWeights, weightsConfigFile } from "./weights-file.ts"

const hint =
  "Use an adapter that was trained on this base model with the settings that the model is loaded with."

/** Writes a LoRA adapter as PEFT and vLLM read it, or the whole weights that were trained with a file that says which. */
export const saveAdapter = Effect.fn("saveAdapter")(function* (
  { config, variables }: Adapter,
  directory: string
): Effect.fn.Return<void, ModelError> {
  if (config.kind === "lora") yield* saveLora(config, variables, directory)
  else yield* saveWeights(config, variables, directory)
})

/** What a folder's adapter changes of `decoder`. */
const readAdapterConfig = (
  directory: string,
  decoder: DecoderConfig
): Effect.Effect<AdapterConfig, ModelError> =>
  existsSync(join(directory, weightsConfigFile))
    ? readWeightsConfig(directory)
    : readLoraConfig(directory, decoder)

const problemWith = (
  tensors: ReadonlyMap<string, HostTensor>,
  shapes: ReadonlyMap<string, ReadonlyArray<number>>
): string | undefined => {
  for (const [name, shape] of shapes) {
    const found = tensors.get(name)?.shape
    if (found === undefined) return `${name} [${shape.join(", ")}] is missing`
    if (found.join() !== shape.join()) {
      return `${name} has shape [${found.join(", ")}], not [${shape.join(", ")}]`
    }
  }
  const extra = [...tensors.keys()].find((name) => !shapes.has(name))
  return extra === undefined ? undefined : `${extra} is not a weight that the adapter's settings name`
}

/** The tensors of an adapter's variables, all there and of the right shapes. */
const readTensors = Effect.fnUntraced(function* (
  directory: string,
  decoder: DecoderConfig,
  config: AdapterConfig
): Effect.fn.Return<ReadonlyMap<string, HostTensor>, ModelError> {
  const tensors = yield* config.kind === "lora" ? readLoraTensors(directory) : readWeights(directory)
  const problem = problemWith(tensors, variableShapes(decoder, config))
  if (problem === undefined) return tensors
  return yield* new ModelError({ message: `${directory}: ${problem}.`, hint, path: directory })
})

/**
 * The adapter of a folder, with the settings that are saved there: one of this package, or a LoRA adapter from PEFT in 32- or 16-bit
 * floats. Fails with a `ModelError` that names what does not fit `decoder`, or what cannot be followed.
 */
export const readAdapter = Effect.fn("readAdapter")(function* (
  name: string,
  decoder: DecoderConfig,
  directory: string
): Effect.fn.Return<Adapter, ModelError> {
  const config = yield* readAdapterConfig(directory, decoder)
  const tensors = yield* readTensors(directory, decoder, config)
  const variables: Record<string, tf.Variable> = {}
  for (const name of variableShapes(decoder, config).keys()) {
    const tensor = tensors.get(name)
    if (tensor === undefined) continue
    variables[name] = tf.tidy(() => tf.variable(tf.tensor(tensor.values, [...tensor.shape], "float32")))
  }
  return makeAdapter(name, config, variables)
})

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
export const loadAdapter = Effect.fn("loadAdapter")(function* (
  adapter: Adapter,
  decoder: DecoderConfig,
  directory: string
): Effect.fn.Return<void, ModelError> {
  const config = yield* readAdapterConfig(directory, decoder)
  if (describe(config) !== describe(adapter.config)) {
    return yield* new ModelError({
      message: `${directory}: ${describe(config)}; expected ${describe(adapter.config)}.`,
      hint,
      path: directory
    })
  }
  const tensors = yield* readTensors(directory, decoder, config)
  for (const [name, variable] of Object.entries(adapter.variables)) {
    const tensor = tensors.get(name)
    if (tensor === undefined) continue
    tf.tidy(() => variable.assign(tf.tensor(tensor.values, variable.shape, "float32")))
  }
  adapter.revision += 1
})
