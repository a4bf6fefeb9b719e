import { join } from "node:path"
import { Effect, type Scope } from "effect"
import type { Adapter, DecoderConfig, LoraConfig } from "../decoder/types.ts"
import { ModelError } from "../files/model-error.ts"
import { readJson } from "../files/read-file.ts"
import { writeJson } from "../files/write-file.ts"
import { openSafetensors, writeSafetensors } from "../safetensors/index.ts"
import { type AdapterTensors, variableSources } from "./adapter-tensors.ts"
import { loraConfigOf, PeftFile, peftFileOf, unsupportedSettings } from "./peft-config.ts"

/** What PEFT puts before the names of the model's own modules. */
const prefix = "base_model.model."

/** The files of a LoRA adapter in PEFT's layout. */
export const peftConfigFile = "adapter_config.json"
const tensorsFile = "adapter_model.safetensors"

const hint = "Use a LoRA adapter in PEFT's layout that was trained on this base model."

/** Writes `adapter_config.json` and `adapter_model.safetensors` as PEFT and vLLM read them. */
export const saveLora = Effect.fnUntraced(function* (
  config: LoraConfig,
  variables: Adapter["variables"],
  directory: string
): Effect.fn.Return<void, ModelError> {
  yield* writeSafetensors(join(directory, tensorsFile), variableSources(variables, prefix), "float32")
  yield* writeJson(join(directory, peftConfigFile), peftFileOf(config))
})

/** The settings of a LoRA adapter for `decoder`; a `ModelError` names what of them cannot be followed. */
export const readLoraConfig = Effect.fnUntraced(function* (
  directory: string,
  decoder: DecoderConfig
): Effect.fn.Return<LoraConfig, ModelError> {
  const path = join(directory, peftConfigFile)
  const file = yield* readJson(PeftFile, path, hint)
  const unsupported = unsupportedSettings(file)
  if (unsupported.length > 0) {
    return yield* new ModelError({
      message: `${path}: ${unsupported.join(", ")} cannot be followed here.`,
      hint: "Use a plain LoRA adapter: one rank and alpha for linear modules of every layer, without biases or saved modules.",
      path
    })
  }
  return yield* Effect.try({
    try: () => loraConfigOf(file, decoder),
    catch: (cause) =>
      new ModelError({
        message: `${path}: ${cause instanceof Error ? cause.message : String(cause)}.`,
        hint,
        path,
        cause
      })
  })
})

/** Opens the tensors of a LoRA adapter for the time of the scope, under the names of its variables. */
export const openLora = Effect.fnUntraced(function* (
  directory: string
): Effect.fn.Return<AdapterTensors, ModelError, Scope.Scope> {
  const file = yield* openSafetensors(join(directory, tensorsFile), hint)
  const shapes = new Map<string, ReadonlyArray<number>>()
  for (const [name, { shape }] of file.entries) {
    // A tensor that PEFT did not name stays as it is, and is then none of the adapter's.
    shapes.set(name.startsWith(prefix) ? name.slice(prefix.length) : name, shape)
  }
  return { path: file.path, shapes, read: (name) => file.read(`${prefix}${name}`) }
})
