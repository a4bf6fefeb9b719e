import { ConfigError } from "@tracer-sdk/core"
import { Effect, Result, Schema } from "effect"
import { type AdapterConfig, type DecoderConfig, linearModuleNames } from "../decoder/types.ts"
import { linearModules } from "../decoder/weight-shapes.ts"
import { defaultAdapterConfig } from "./create-adapter.ts"

const positive = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))

/** What is trained of a model, as a configuration states it. */
export const AdapterOptions = Schema.Struct({
  /** `lora` trains low-rank changes (Hu et al. 2021), `layers` the weights of the last layers, `full` every weight. */
  kind: Schema.Literals(["lora", "layers", "full"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("lora" as const))
  ),
  /** LoRA's rank, by default 8. */
  rank: Schema.optionalKey(positive),
  /** LoRA's changes are scaled by alpha / rank; by default 16. */
  alpha: Schema.optionalKey(Schema.Finite.check(Schema.isGreaterThan(0))),
  /** The share of a module's inputs that a training step leaves out of LoRA's change, at random; by default none. */
  dropout: Schema.optionalKey(Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0), Schema.isLessThan(1))),
  /** The modules that LoRA changes, by default every linear module of the architecture. */
  targets: Schema.optionalKey(Schema.NonEmptyArray(Schema.Literals(linearModuleNames))),
  /** How many layers `layers` trains. */
  last: Schema.optionalKey(positive),
  /** A folder with an adapter of this kind, from here or from PEFT, that every (agent, role) starts with; its settings hold. */
  from: Schema.optionalKey(Schema.String)
})
export type AdapterOptions = typeof AdapterOptions.Type

const settings = {
  lora: ["rank", "alpha", "dropout", "targets", "from"],
  layers: ["last", "from"],
  full: ["from"]
} as const

/** The first of the stated settings that an adapter to start from says itself. */
export const savedSetting = (options: AdapterOptions): string | undefined =>
  (["rank", "alpha", "targets", "last"] as const).find((key) => options[key] !== undefined)

const fail = (key: string, problem: string, hint: string) =>
  Result.fail(new ConfigError({ path: `adapter.${key}`, message: `adapter.${key}: ${problem}`, hint }))

/** Fails with a `ConfigError` for a setting that the stated kind does not have. */
export const requireOwnSettings = (options: AdapterOptions): Result.Result<void, ConfigError> => {
  const { kind } = options
  const own: ReadonlyArray<string> = settings[kind]
  const foreign = Object.keys(options).find((key) => key !== "kind" && !own.includes(key))
  if (foreign === undefined) return Result.succeed(undefined)
  return fail(
    foreign,
    `is not a setting of kind "${kind}".`,
    `Its settings are ${own.join(", ")}. Leave ${foreign} out, or choose another kind.`
  )
}

/**
 * The settings that `options` state for a decoder's new adapters. Fails with a `ConfigError` where they name a module or more layers than
 * the architecture has, or a setting of another kind.
 */
export const resolveAdapterConfig = (
  options: AdapterOptions,
  decoder: DecoderConfig
): Result.Result<AdapterConfig, ConfigError> => {
  const { kind, rank, alpha, dropout, targets, last } = options
  const own = requireOwnSettings(options)
  if (Result.isFailure(own)) return Result.fail(own.failure)
  switch (kind) {
    case "full":
      return Result.succeed({ kind })
    case "layers": {
      const hint = `Say how many of the model's ${decoder.layers} layers to train, counted from the last.`
      if (last === undefined) return fail("last", 'is missing, which kind "layers" needs.', hint)
      return last > decoder.layers
        ? fail("last", `${last} layers are more than the model's ${decoder.layers}.`, hint)
        : Result.succeed({ kind, last })
    }
    case "lora": {
      const modules = linearModules(decoder)
      const missing = targets?.findIndex((target) => !modules.includes(target)) ?? -1
      if (missing >= 0) {
        return fail(
          `targets[${missing}]`,
          `the architecture ${decoder.modelType} has no module ${targets?.[missing]}; it has ${modules.join(", ")}.`,
          "Name modules that the architecture has, or leave adapter.targets out: then all of them are changed."
        )
      }
      const usual = defaultAdapterConfig(decoder)
      return Result.succeed({
        kind,
        rank: rank ?? usual.rank,
        alpha: alpha ?? usual.alpha,
        dropout: dropout ?? usual.dropout,
        targets: targets ?? usual.targets
      })
    }
  }
}
