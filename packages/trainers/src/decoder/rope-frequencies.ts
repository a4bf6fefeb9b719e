import type { DecoderConfig, Llama3Rope, YarnRope } from "./types.ts"

/** How many of a head's features are rotated. */
export const rotatedFeatures = ({ headSize, rope }: DecoderConfig): number => rope.rotatedFeatures ?? headSize

/** Llama 3.1's blend: what turns rarely within the original positions is slowed by the factor. */
const llama3 = (frequency: number, rope: Llama3Rope): number => {
  const { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalPositions } = rope
  const turns = (originalPositions * frequency) / (2 * Math.PI)
  if (turns < low) return frequency / factor
  if (turns > high) return frequency
  const kept = (turns - low) / (high - low)
  return (1 - kept) * (frequency / factor) + kept * frequency
}

/** YaRN's blend, linear in the frequency's index between those that turn `betaFast` and `betaSlow` times. */
const yarn = (frequency: number, index: number, features: number, theta: number, rope: YarnRope): number => {
  const indexOf = (turns: number) =>
    (features * Math.log(rope.originalPositions / (turns * 2 * Math.PI))) / (2 * Math.log(theta))
  const first = Math.max(Math.floor(indexOf(rope.betaFast)), 0)
  const last = Math.min(Math.ceil(indexOf(rope.betaSlow)), features - 1)
  const slowed = Math.min(1, Math.max(0, (index - first) / (first === last ? 0.001 : last - first)))
  return slowed * (frequency / rope.factor) + (1 - slowed) * frequency
}

/**
 * The angle by which each pair of a head's rotated features turns from one position to the next, in radians; rounded to 32 bits,
 * as the models were trained with them.
 */
export const ropeFrequencies = (config: DecoderConfig): Float32Array => {
  const { theta, scaling } = config.rope
  const features = rotatedFeatures(config)
  return Float32Array.from({ length: features / 2 }, (_, i) => {
    const frequency = 1 / Math.fround(theta ** Math.fround((2 * i) / features))
    switch (scaling?.kind) {
      case undefined:
        return frequency
      case "linear":
        return Math.fround(frequency) / scaling.factor
      case "llama3":
        return llama3(Math.fround(frequency), scaling)
      case "yarn":
        return yarn(frequency, i, features, theta, scaling)
      case "longrope": {
        const long = config.maximumPositions > scaling.originalPositions
        const factor = (long ? scaling.longFactors : scaling.shortFactors)[i] ?? 1
        return 1 / Math.fround(factor * Math.fround(1 / frequency))
      }
    }
  })
}
