import type { ConfigFile } from "./config-schema.ts"
import type { DecoderConfig } from "./types.ts"

type Windows = DecoderConfig["slidingWindows"]
const sliding = "sliding_attention"
const full = "full_attention"

/** One window for all layers: the file's, `absent` where the file does not mention it, none where it is null. */
export const allWindows = (file: ConfigFile, absent?: number): Windows => {
  const window = file.sliding_window === undefined ? absent : (file.sliding_window ?? undefined)
  return window === undefined ? undefined : Array.from({ length: file.num_hidden_layers }, () => window)
}

/**
 * Qwen's: only where `use_sliding_window` says so, in the layers that `layer_types` names, or in those from `max_window_layers` on.
 * Throws an `Error` for another type of layer.
 */
export const qwenWindows = (file: ConfigFile): Windows => {
  const layers = file.num_hidden_layers
  const types = file.layer_types ?? undefined
  const unknown = types?.find((type) => type !== sliding && type !== full)
  if (unknown !== undefined) throw new Error(`layer_types has "${unknown}", not ${full} or ${sliding}`)
  if (types !== undefined && types.length !== layers) {
    throw new Error(`layer_types has ${types.length} entries for ${layers} layers`)
  }
  const window = file.sliding_window === undefined ? 4096 : (file.sliding_window ?? undefined)
  if (file.use_sliding_window !== true || window === undefined) return undefined
  const first = file.max_window_layers ?? 28
  const windows = Array.from({ length: layers }, (_, layer) => {
    const slides = types === undefined ? layer >= first : types[layer] === sliding
    return slides ? window : undefined
  })
  return windows.some((one) => one !== undefined) ? windows : undefined
}

const windowOf = ({ slidingWindows }: DecoderConfig): number | undefined =>
  slidingWindows?.find((window) => window !== undefined)

/** The key that `allWindows` reads. */
export const windowFile = (config: DecoderConfig): Readonly<Record<string, unknown>> => ({
  sliding_window: windowOf(config) ?? null
})

/** The keys that `qwenWindows` reads. */
export const qwenWindowsFile = (config: DecoderConfig): Readonly<Record<string, unknown>> => {
  const window = windowOf(config)
  const { slidingWindows, layers } = config
  return {
    use_sliding_window: window !== undefined,
    sliding_window: window ?? null,
    max_window_layers: slidingWindows?.findIndex((one) => one !== undefined) ?? layers,
    layer_types: Array.from({ length: layers }, (_, layer) =>
      slidingWindows?.[layer] === undefined ? full : sliding
    )
  }
}
