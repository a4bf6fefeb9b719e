import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { temporaryDirectory } from "../../test/temporary-directory.ts"
import { readDecoderConfig } from "./config-file.ts"
import { weightShapes } from "./weight-shapes.ts"

const all = { max_position_embeddings: 4096, rms_norm_eps: 1e-5 }

/** Shapes of published models, and how many parameters transformers count in them. */
const published: ReadonlyArray<readonly [string, number, Readonly<Record<string, unknown>>]> = [
  [
    "SmolLM2-135M",
    134_515_008,
    {
      model_type: "llama",
      vocab_size: 49_152,
      hidden_size: 576,
      intermediate_size: 1536,
      num_hidden_layers: 30,
      num_attention_heads: 9,
      num_key_value_heads: 3,
      tie_word_embeddings: true
    }
  ],
  [
    "Llama-3.2-1B",
    1_235_814_400,
    {
      model_type: "llama",
      vocab_size: 128_256,
      hidden_size: 2048,
      intermediate_size: 8192,
      num_hidden_layers: 16,
      num_attention_heads: 32,
      num_key_value_heads: 8,
      head_dim: 64,
      tie_word_embeddings: true
    }
  ],
  [
    "Mistral-7B-v0.1",
    7_241_732_096,
    {
      model_type: "mistral",
      vocab_size: 32_000,
      hidden_size: 4096,
      intermediate_size: 14_336,
      num_hidden_layers: 32,
      num_attention_heads: 32,
      num_key_value_heads: 8
    }
  ],
  [
    "Qwen2.5-0.5B",
    494_032_768,
    {
      model_type: "qwen2",
      vocab_size: 151_936,
      hidden_size: 896,
      intermediate_size: 4864,
      num_hidden_layers: 24,
      num_attention_heads: 14,
      num_key_value_heads: 2,
      tie_word_embeddings: true
    }
  ],
  [
    "Qwen3-0.6B",
    596_049_920,
    {
      model_type: "qwen3",
      vocab_size: 151_936,
      hidden_size: 1024,
      intermediate_size: 3072,
      num_hidden_layers: 28,
      num_attention_heads: 16,
      num_key_value_heads: 8,
      head_dim: 128,
      tie_word_embeddings: true
    }
  ],
  [
    "Phi-3-mini-4k",
    3_821_079_552,
    {
      model_type: "phi3",
      vocab_size: 32_064,
      hidden_size: 3072,
      intermediate_size: 8192,
      num_hidden_layers: 32,
      num_attention_heads: 32,
      num_key_value_heads: 32
    }
  ],
  [
    "Phi-4-mini",
    3_836_021_760,
    {
      model_type: "phi3",
      vocab_size: 200_064,
      hidden_size: 3072,
      intermediate_size: 8192,
      num_hidden_layers: 32,
      num_attention_heads: 24,
      num_key_value_heads: 8,
      partial_rotary_factor: 0.75,
      tie_word_embeddings: true
    }
  ]
]

for (const [name, parameters, file] of published) {
  it.effect(`${name} has ${parameters} parameters`, () =>
    Effect.gen(function* () {
      const path = join(yield* temporaryDirectory, "config.json")
      yield* Effect.promise(() => writeFile(path, JSON.stringify({ ...all, ...file })))
      const shapes = [...weightShapes(yield* readDecoderConfig(path)).values()]
      const sizes = shapes.map((shape) => shape.reduce((product, extent) => product * extent, 1))
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(parameters)
    }).pipe(Effect.scoped)
  )
}
