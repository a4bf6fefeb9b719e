import { Schema } from "effect"
import type { DecoderConfig, LinearModule, LoraConfig } from "../decoder/types.ts"
import { linearModules, moduleName } from "../decoder/weight-shapes.ts"

const Names = Schema.Union([Schema.String, Schema.Array(Schema.String)])

const everySetting = Schema.Record(Schema.String, Schema.Unknown)

/** PEFT's `adapter_config.json`; what it says beside these is looked at by `unsupportedSettings`. */
export const PeftFile = Schema.StructWithRest(
  Schema.Struct({
    peft_type: Schema.String,
    r: Schema.Int.check(Schema.isGreaterThan(0)),
    lora_alpha: Schema.Finite,
    lora_dropout: Schema.optionalKey(
      Schema.NullOr(Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0), Schema.isLessThan(1)))
    ),
    target_modules: Schema.NullOr(Names),
    use_rslora: Schema.optionalKey(Schema.NullOr(Schema.Boolean))
  }),
  [everySetting]
)
export type PeftFile = typeof PeftFile.Type

/** Settings that change what an adapter computes, or which weights it has, in ways that this package does not follow. */
const refused = [
  "bias",
  "lora_bias",
  "use_dora",
  "use_qalora",
  "use_bdlora",
  "fan_in_fan_out",
  "rank_pattern",
  "alpha_pattern",
  "modules_to_save",
  "exclude_modules",
  "layers_to_transform",
  "layer_replication",
  "target_parameters",
  "trainable_token_indices",
  "alora_invocation_tokens",
  "velora_config",
  "monteclora_config",
  "arrow_config",
  "kasa_config"
] as const

/** Initialisations that also change the base model's weights. */
const changesBase = /pissa|olora|corda|loftq|lora_ga/i

const isNeutral = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  value === "none" ||
  (typeof value === "object" && Object.keys(value).length === 0)

/** The settings of an `adapter_config.json` that cannot be followed, as in `use_dora: true`. */
export const unsupportedSettings = (file: PeftFile): ReadonlyArray<string> => {
  const { peft_type: type, init_lora_weights: start } = file
  const show = (key: string) => `${key}: ${JSON.stringify(file[key])}`
  return [
    ...(type === "LORA" ? [] : [show("peft_type")]),
    ...refused.filter((key) => !isNeutral(file[key])).map(show),
    ...(typeof start === "string" && changesBase.test(start) ? [show("init_lora_weights")] : [])
  ]
}

/** Whether PEFT's `target_modules` mean the module `name`; throws a `SyntaxError` for a pattern that is none. */
const targetsModule = (targets: string | ReadonlyArray<string>, name: string): boolean => {
  if (typeof targets !== "string") {
    return targets.some((target) => name === target || name.endsWith(`.${target}`))
  }
  return new RegExp(`^(?:${targets})$`).test(name)
}

/**
 * The modules that `target_modules` mean in a decoder: names, ends of names, one pattern for whole names, or `all-linear`. Throws an
 * `Error` where they mean none, some module in a few layers only, or one that is in no layer.
 */
export const resolveTargets = (
  targets: string | ReadonlyArray<string>,
  decoder: DecoderConfig
): ReadonlyArray<LinearModule> => {
  const modules = linearModules(decoder)
  if (typeof targets === "string" && targets.toLowerCase() === "all-linear") return modules
  const shown = JSON.stringify(targets)
  for (const name of ["lm_head", "model.embed_tokens"]) {
    if (targetsModule(targets, name)) throw new Error(`target_modules ${shown} include ${name}`)
  }
  const found = modules.filter((module) => {
    const names = Array.from({ length: decoder.layers }, (_, layer) => moduleName(layer, module))
    const count = names.filter((name) => targetsModule(targets, name)).length
    if (count !== 0 && count !== names.length) {
      throw new Error(`target_modules ${shown} mean ${module} in ${count} of ${names.length} layers only`)
    }
    return count > 0
  })
  if (found.length === 0) {
    throw new Error(
      `target_modules ${shown} mean none of the modules of ${decoder.modelType}: ${modules.join(", ")}`
    )
  }
  return found
}

/**
 * PEFT's settings as ours. Rank-stabilised LoRA scales by `alpha / sqrt(rank)` (Kalajdzievski 2023), so it is the same adapter at a
 * larger alpha. Throws as `resolveTargets` does.
 */
export const loraConfigOf = (file: PeftFile, decoder: DecoderConfig): LoraConfig => ({
  kind: "lora",
  rank: file.r,
  alpha: file.use_rslora === true ? file.lora_alpha * Math.sqrt(file.r) : file.lora_alpha,
  dropout: file.lora_dropout ?? 0,
  targets: resolveTargets(file.target_modules ?? [], decoder)
})

/** The contents of an `adapter_config.json`, as PEFT and vLLM read it. */
export const peftFileOf = (config: LoraConfig): Readonly<Record<string, unknown>> => ({
  peft_type: "LORA",
  task_type: "CAUSAL_LM",
  base_model_name_or_path: null,
  r: config.rank,
  lora_alpha: config.alpha,
  lora_dropout: config.dropout,
  target_modules: config.targets,
  bias: "none",
  fan_in_fan_out: false,
  use_rslora: false,
  use_dora: false,
  inference_mode: true
})
