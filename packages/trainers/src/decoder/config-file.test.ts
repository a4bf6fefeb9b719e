import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { referenceDirectory } from "../../test/reference-models.ts"
import { temporaryDirectory } from "../../test/temporary-directory.ts"
import { readDecoderConfig } from "./config-file.ts"
import { loadDecoder, saveDecoder } from "./index.ts"

const llama = {
  model_type: "llama",
  vocab_size: 7,
  hidden_size: 8,
  intermediate_size: 12,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  max_position_embeddings: 16,
  rms_norm_eps: 1e-5,
  eos_token_id: 0
}

const read = (file: Readonly<Record<string, unknown>>, generation?: unknown) =>
  Effect.gen(function* () {
    const path = join(yield* temporaryDirectory, "config.json")
    yield* Effect.promise(() => writeFile(path, JSON.stringify({ ...llama, ...file })))
    if (generation !== undefined) {
      const beside = path.replace("config.json", "generation_config.json")
      yield* Effect.promise(() => writeFile(beside, JSON.stringify(generation)))
    }
    return yield* readDecoderConfig(path)
  }).pipe(Effect.scoped)

it.effect("what a file leaves out is what transformers take", () =>
  Effect.gen(function* () {
    expect(yield* read({})).toEqual({
      modelType: "llama",
      vocabularySize: 7,
      hiddenSize: 8,
      intermediateSize: 12,
      layers: 2,
      heads: 4,
      keyValueHeads: 4,
      headSize: 2,
      maximumPositions: 16,
      rope: { theta: 10_000 },
      rmsNormEpsilon: 1e-5,
      tiedEmbeddings: false,
      biases: [],
      queryKeyNorm: false,
      fusedProjections: false,
      endTokens: [0]
    })
    const mistral = { model_type: "mistral", num_attention_heads: 8, hidden_size: 16 }
    expect(yield* read(mistral)).toMatchObject({ keyValueHeads: 8, slidingWindows: [4096, 4096] })
    expect(yield* read({ ...mistral, sliding_window: null })).not.toHaveProperty("slidingWindows")
    const qwen3 = { model_type: "qwen3", num_key_value_heads: 2 }
    expect(yield* read(qwen3)).toMatchObject({ headSize: 128, queryKeyNorm: true, biases: [] })
  })
)

it.effect("a window that is not used is none, and layers may be named or counted", () =>
  Effect.gen(function* () {
    const qwen = { model_type: "qwen2", num_key_value_heads: 2, sliding_window: 3 }
    expect(yield* read({ ...qwen, use_sliding_window: false })).not.toHaveProperty("slidingWindows")
    const counted = yield* read({ ...qwen, use_sliding_window: true, max_window_layers: 1 })
    expect(counted.slidingWindows).toEqual([undefined, 3])
    const types = ["sliding_attention", "full_attention"]
    const named = yield* read({ ...qwen, use_sliding_window: true, layer_types: types })
    expect(named.slidingWindows).toEqual([3, undefined])
  })
)

it.effect("end tokens come from both files, as chat models have them", () =>
  Effect.gen(function* () {
    expect((yield* read({}, { eos_token_id: [5, 0] })).endTokens).toEqual([0, 5])
    expect((yield* read({ eos_token_id: [1, 2] }, { eos_token_id: 3 })).endTokens).toEqual([1, 2, 3])
    expect((yield* read({ eos_token_id: null }, {})).endTokens).toEqual([])
    const config = yield* readDecoderConfig(join(referenceDirectory("qwen2"), "config.json"))
    expect(config.endTokens).toEqual([2, 9])
  })
)

it.effect("scaled positions are read in the spellings of transformers 4 and 5", () =>
  Effect.gen(function* () {
    const scaling = { rope_type: "llama3", factor: 8, low_freq_factor: 1, high_freq_factor: 4 }
    const original = { original_max_position_embeddings: 8 }
    const older = yield* read({ rope_theta: 5e5, rope_scaling: { ...scaling, ...original } })
    const newer = yield* read({ rope_parameters: { ...scaling, ...original, rope_theta: 5e5 } })
    expect(newer).toEqual(older)
    expect(older.rope).toEqual({
      theta: 5e5,
      scaling: {
        kind: "llama3",
        factor: 8,
        lowFrequencyFactor: 1,
        highFrequencyFactor: 4,
        originalPositions: 8
      }
    })
    // Qwen2.5's setting for 131,072 tokens.
    const yarn = { rope_type: "yarn", factor: 4, original_max_position_embeddings: 32_768 }
    const stretched = yield* read({ max_position_embeddings: 32_768, rope_scaling: yarn })
    expect(stretched.maximumPositions).toBe(131_072)
    expect(stretched.rope.scaling).toMatchObject({ betaFast: 32, betaSlow: 1 })
    expect(stretched.rope.scaling).toHaveProperty("attentionFactor", 0.1 * Math.log(4) + 1)
  })
)

it.effect("a model with LongRoPE has its original positions unless it is asked for more", () =>
  Effect.gen(function* () {
    const directory = referenceDirectory("phi3")
    const usual = yield* loadDecoder(directory)
    expect(usual.config.maximumPositions).toBe(40)
    // sqrt(1 + ln 4 / ln 40): 160 positions are 4 times 40.
    expect(usual.config.rope.scaling).toMatchObject({
      attentionFactor: Math.sqrt(1 + Math.log(4) / Math.log(40))
    })
    const beyond = yield* Effect.flip(loadDecoder(directory, { maximumPositions: 161 }))
    expect(beyond.message).toContain("the model has 160 positions, not 161")
    usual.dispose()
  })
)

it.effect("a model that is loaded for fewer positions is saved with all of them", () =>
  Effect.gen(function* () {
    const path = yield* temporaryDirectory
    const original = yield* readDecoderConfig(join(referenceDirectory("llama3"), "config.json"))
    const short = yield* loadDecoder(referenceDirectory("llama3"), { maximumPositions: 10 })
    expect(short.config).toEqual({ ...original, maximumPositions: 10, extendedPositions: 64 })
    yield* saveDecoder(short, path)
    expect(yield* readDecoderConfig(join(path, "config.json"))).toEqual(original)
    short.dispose()
  }).pipe(Effect.scoped)
)

it.effect("what is not supported is named, with what is", () =>
  Effect.gen(function* () {
    const messageOf = (file: Readonly<Record<string, unknown>>, generation?: unknown) =>
      Effect.map(Effect.flip(read(file, generation)), ({ message, hint }) => `${message} ${hint}`)
    expect(yield* messageOf({ model_type: "gpt2" })).toContain(
      'model_type is "gpt2"; supported are llama, mistral, qwen2, qwen3, phi3'
    )
    expect(yield* messageOf({ hidden_act: "gelu" })).toContain('hidden_act is "gelu", not "silu"')
    expect(yield* messageOf({ quantization_config: { quant_method: "awq" } })).toContain(
      "quantization_config is set"
    )
    expect(yield* messageOf({ num_key_value_heads: 3 })).toContain("no multiple of 3 num_key_value_heads")
    expect(yield* messageOf({ head_dim: 3 })).toContain("the head size 3 is not even")
    expect(yield* messageOf({ vocab_size: "7" })).toContain("vocab_size")
    expect(yield* messageOf({ rope_scaling: { type: "dynamic", factor: 2 } })).toContain(
      'positions are scaled by "dynamic"; supported are default, linear, llama3, yarn, longrope'
    )
    expect(yield* messageOf({ rope_scaling: { rope_type: "llama3", factor: 2 } })).toContain(
      "positions scaled by llama3 need low_freq_factor"
    )
    expect(yield* messageOf({ rope_parameters: { full_attention: { rope_theta: 2 } } })).toContain(
      "differ by layer"
    )
    expect(yield* messageOf({ partial_rotary_factor: 0.5 })).toContain("partial_rotary_factor is 0.5, not 1")
    const long = { type: "longrope", short_factor: [1], long_factor: [1, 2] }
    expect(yield* messageOf({ model_type: "phi3", rope_scaling: long })).toContain(
      "long_factor has 2 factors for 1 frequencies"
    )
    const types = ["linear_attention", "full_attention"]
    expect(yield* messageOf({ model_type: "qwen3", num_key_value_heads: 2, layer_types: types })).toContain(
      'layer_types has "linear_attention"'
    )
    expect(yield* messageOf({}, { eos_token_id: "x" })).toContain("generation_config.json is not as expected")
  })
)
