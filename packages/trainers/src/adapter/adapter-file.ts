import { join } from "node:path"
import * as tf from "@tensorflow/tfjs"
import { Effect, Schema } from "effect"
import { toHost } from "../decoder/save-decoder.ts"
import { type Adapter, linearModuleNames } from "../decoder/types.ts"
import { ModelError } from "../files/model-error.ts"
import { readJson } from "../files/read-file.ts"
import { writeJson } from "../files/write-file.ts"
import { readSafetensors, writeSafetensors } from "../safetensors/index.ts"

/** What PEFT puts before the names of the model's own modules. */
const prefix = "base_model.model."

const AdapterFile = Schema.Struct({
  peft_type: Schema.Literal("LORA"),
  r: Schema.Int.check(Schema.isGreaterThan(0)),
  lora_alpha: Schema.Finite,
  target_modules: Schema.Array(Schema.Literals(linearModuleNames))
})

const hint =
  "Use a LoRA adapter in PEFT's layout that was trained on this base model with the same rank, alpha and targets."

/** Writes `adapter_config.json` and `adapter_model.safetensors` as PEFT reads them. */
export const saveAdapter = Effect.fn("saveAdapter")(function* (
  adapter: Adapter,
  directory: string
): Effect.fn.Return<void, ModelError> {
  const { config } = adapter
  if (config.kind !== "lora") {
    return yield* new ModelError({
      message: `${adapter.name} trains whole weights, which PEFT's layout does not hold.`,
      hint: "Save a LoRA adapter.",
      path: directory
    })
  }
  const tensors = yield* toHost(adapter.variables)
  const named = new Map([...tensors].map(([name, tensor]) => [`${prefix}${name}`, tensor]))
  yield* writeSafetensors(join(directory, "adapter_model.safetensors"), named, "float32")
  yield* writeJson(join(directory, "adapter_config.json"), {
    peft_type: "LORA",
    task_type: "CAUSAL_LM",
    base_model_name_or_path: null,
    r: config.rank,
    lora_alpha: config.alpha,
    lora_dropout: 0,
    target_modules: config.targets,
    bias: "none",
    fan_in_fan_out: false,
    use_rslora: false,
    use_dora: false,
    inference_mode: true
  })
})

/**
 * Reads a saved adapter into `adapter`, whose settings have to be the saved ones; it changes only if all of the files are good. Fails
 * with a `ModelError` that names what differs.
 */
export const loadAdapter = Effect.fn("loadAdapter")(function* (
  adapter: Adapter,
  directory: string
): Effect.fn.Return<void, ModelError> {
  const configPath = join(directory, "adapter_config.json")
  const file = yield* readJson(AdapterFile, configPath, hint)
  if (adapter.config.kind !== "lora") {
    return yield* new ModelError({
      message: `${adapter.name} is not a LoRA adapter.`,
      hint,
      path: configPath
    })
  }
  const { rank, alpha, targets } = adapter.config
  const sameTargets = [...file.target_modules].sort().join() === [...targets].sort().join()
  if (file.r !== rank || file.lora_alpha !== alpha || !sameTargets) {
    return yield* new ModelError({
      message: `${configPath}: r ${file.r}, lora_alpha ${file.lora_alpha}, target_modules ${file.target_modules.join(" ")}; expected r ${rank}, lora_alpha ${alpha}, target_modules ${targets.join(" ")}.`,
      hint,
      path: configPath
    })
  }
  const path = join(directory, "adapter_model.safetensors")
  const tensors = yield* readSafetensors(path, hint)
  const found = Object.entries(adapter.variables).map(([name, variable]) => {
    const tensor = tensors.get(`${prefix}${name}`)
    const fits = tensor?.shape.join() === variable.shape.join()
    return { name, variable, tensor: fits ? tensor : undefined }
  })
  const wrong = found.find(({ tensor }) => tensor === undefined)
  if (wrong !== undefined) {
    return yield* new ModelError({
      message: `${path}: ${prefix}${wrong.name} is missing or not of shape [${wrong.variable.shape.join(", ")}].`,
      hint,
      path
    })
  }
  for (const { variable, tensor } of found) {
    if (tensor === undefined) continue
    tf.tidy(() => variable.assign(tf.tensor(tensor.values, variable.shape, "float32")))
  }
  adapter.revision += 1
})
