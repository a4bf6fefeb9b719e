import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { tinyConfig } from "../../test/tiny-config.ts"
import { createDecoder, type DecoderConfig, loadDecoder, saveDecoder } from "./index.ts"

const config: DecoderConfig = { ...tinyConfig, beginToken: 1, endTokens: [0, 2], padToken: 3 }

const directory = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "decoder-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true }))
)

it.effect("a saved decoder loads with the same settings and the same bits", () =>
  Effect.gen(function* () {
    const path = yield* directory
    const decoder = createDecoder(config, 8)
    yield* saveDecoder(decoder, path)
    const loaded = yield* loadDecoder(path)
    expect(loaded.config).toEqual(config)
    for (const [name, tensor] of Object.entries(decoder.weights)) {
      expect(loaded.weights[name]?.dataSync()).toEqual(tensor.dataSync())
    }
  }).pipe(Effect.scoped)
)

it.effect("what keeps a directory from being a decoder is named", () =>
  Effect.gen(function* () {
    const path = yield* directory
    const missing = yield* Effect.flip(loadDecoder(path))
    expect(missing.message).toContain("config.json cannot be read")
    yield* saveDecoder(createDecoder(config, 8), path)

    const file = join(path, "config.json")
    const original = yield* Effect.promise(() => readFile(file, "utf8"))
    const change = (from: string, to: string) =>
      Effect.promise(() => writeFile(file, original.replace(from, to))).pipe(
        Effect.andThen(Effect.flip(loadDecoder(path))),
        Effect.map(({ message }) => message)
      )
    expect(yield* change('"llama"', '"gpt2"')).toContain('model_type is "gpt2"')
    expect(yield* change('"attention_bias": false', '"attention_bias": true')).toContain(
      "attention_bias is true"
    )
    expect(yield* change('"vocab_size": 7', '"vocab_size": 9')).toContain(
      "model.embed_tokens.weight has shape [7, 8], not [9, 8]"
    )
    expect(yield* change('"num_hidden_layers": 1', '"num_hidden_layers": 2')).toContain(
      "model.layers.1.input_layernorm.weight is missing"
    )
    expect(yield* change('"vocab_size": 7', '"vocab_size": "7"')).toContain("vocab_size")
  }).pipe(Effect.scoped)
)
