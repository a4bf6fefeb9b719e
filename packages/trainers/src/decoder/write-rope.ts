import { longAttentionFactor } from "./read-rope.ts"
import type { DecoderConfig, RopeScaling } from "./types.ts"

const scalingFile = (scaling: RopeScaling, furthestPositions: number): Readonly<Record<string, unknown>> => {
  switch (scaling.kind) {
    case "linear":
      return { rope_type: "linear", factor: scaling.factor }
    case "llama3":
      return {
        rope_type: "llama3",
        factor: scaling.factor,
        low_freq_factor: scaling.lowFrequencyFactor,
        high_freq_factor: scaling.highFrequencyFactor,
        original_max_position_embeddings: scaling.originalPositions
      }
    case "yarn":
      return {
        rope_type: "yarn",
        factor: scaling.factor,
        original_max_position_embeddings: scaling.originalPositions,
        beta_fast: scaling.betaFast,
        beta_slow: scaling.betaSlow,
        attention_factor: scaling.attentionFactor
      }
    case "longrope": {
      const usual = longAttentionFactor(
        furthestPositions / scaling.originalPositions,
        scaling.originalPositions
      )
      return {
        type: "longrope",
        short_factor: scaling.shortFactors,
        long_factor: scaling.longFactors,
        // transformers 4 takes no other key for Phi-3.
        ...(scaling.attentionFactor === usual ? {} : { attention_factor: scaling.attentionFactor })
      }
    }
  }
}

/** The keys of a `config.json` that describe rotary positions, as transformers 4 and 5 read them. */
export const ropeFile = (
  { rope, headSize }: DecoderConfig,
  furthestPositions: number
): Readonly<Record<string, unknown>> => ({
  rope_theta: rope.theta,
  ...(rope.rotatedFeatures === undefined ? {} : { partial_rotary_factor: rope.rotatedFeatures / headSize }),
  ...(rope.scaling?.kind === "longrope"
    ? { original_max_position_embeddings: rope.scaling.originalPositions }
    : {}),
  rope_scaling: rope.scaling === undefined ? null : scalingFile(rope.scaling, furthestPositions)
})
