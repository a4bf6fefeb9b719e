import type { ConfigFile } from "./config-schema.ts"
import type { LongRope, RopeConfig, RopeScaling } from "./types.ts"

type Settings = NonNullable<ConfigFile["rope_scaling"]>
const kinds = ["default", "linear", "llama3", "yarn", "longrope"]

const required = <A>(value: A | null | undefined, kind: string, name: string): A => {
  if (value === undefined || value === null) throw new Error(`positions scaled by ${kind} need ${name}`)
  return value
}

const originalPositionsOf = (settings: Settings, file: ConfigFile): number =>
  file.original_max_position_embeddings ??
  settings.original_max_position_embeddings ??
  file.max_position_embeddings

/** YaRN's temperature of attention, as it multiplies cosines and sines (Peng et al. 2023, equation 22). */
const yarnAttentionFactor = (factor: number, { mscale, mscale_all_dim: all }: Settings): number => {
  const temperature = (scale: number) => (factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1)
  return mscale && all ? temperature(mscale) / temperature(all) : temperature(1)
}

/** LongRoPE's (Ding et al. 2024), from how many times the original positions the model can see. */
export const longAttentionFactor = (factor: number, originalPositions: number): number =>
  factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(originalPositions))

const readLongRope = (settings: Settings, file: ConfigFile, frequencies: number): LongRope => {
  const original = originalPositionsOf(settings, file)
  const factorsOf = (name: "short_factor" | "long_factor") => {
    const factors = required(settings[name], "longrope", name)
    if (factors.length === frequencies) return factors
    throw new Error(`${name} has ${factors.length} factors for ${frequencies} frequencies`)
  }
  const factor = settings.factor ?? file.max_position_embeddings / original
  return {
    kind: "longrope",
    shortFactors: factorsOf("short_factor"),
    longFactors: factorsOf("long_factor"),
    originalPositions: original,
    attentionFactor: settings.attention_factor ?? longAttentionFactor(factor, original)
  }
}

const readScaling = (settings: Settings, file: ConfigFile, frequencies: number): RopeScaling | undefined => {
  const kind = settings.rope_type ?? settings.type ?? "default"
  const originalPositions = originalPositionsOf(settings, file)
  switch (kind) {
    case "default":
      return undefined
    case "linear":
      return { kind, factor: required(settings.factor, kind, "factor") }
    case "llama3":
      return {
        kind,
        factor: required(settings.factor, kind, "factor"),
        lowFrequencyFactor: required(settings.low_freq_factor, kind, "low_freq_factor"),
        highFrequencyFactor: required(settings.high_freq_factor, kind, "high_freq_factor"),
        originalPositions
      }
    case "yarn": {
      if (settings.truncate === false) throw new Error("positions scaled by yarn have truncate false")
      const factor = required(settings.factor, kind, "factor")
      return {
        kind,
        factor,
        originalPositions,
        betaFast: settings.beta_fast ?? 32,
        betaSlow: settings.beta_slow ?? 1,
        attentionFactor: settings.attention_factor ?? yarnAttentionFactor(factor, settings)
      }
    }
    // "su" is what Phi-3's first files call it.
    case "su":
    case "longrope":
      return readLongRope(settings, file, frequencies)
    default:
      throw new Error(`positions are scaled by "${kind}"; supported are ${kinds.join(", ")}`)
  }
}

/** The rotary positions of a `config.json`; throws an `Error` that says what of them is not supported. */
export const readRope = (file: ConfigFile, headSize: number, mayBePartial: boolean): RopeConfig => {
  const settings = file.rope_scaling ?? file.rope_parameters ?? {}
  if ("full_attention" in settings || "sliding_attention" in settings) {
    throw new Error("rope_parameters differ by layer")
  }
  const theta = settings.rope_theta ?? file.rope_theta ?? file.rope_parameters?.rope_theta ?? 10_000
  const share = settings.partial_rotary_factor ?? file.partial_rotary_factor ?? 1
  const rotated = Math.floor(headSize * share)
  if (share !== 1 && !mayBePartial) throw new Error(`partial_rotary_factor is ${share}, not 1`)
  if (rotated % 2 !== 0 || rotated === 0 || rotated > headSize) {
    throw new Error(`${rotated} of a head's ${headSize} features are rotated, which are no pairs`)
  }
  const scaling = readScaling(settings, file, rotated / 2)
  return {
    theta,
    ...(rotated === headSize ? {} : { rotatedFeatures: rotated }),
    ...(scaling === undefined ? {} : { scaling })
  }
}
