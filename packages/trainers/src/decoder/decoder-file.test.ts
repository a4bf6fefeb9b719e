import { readdir, readFile, rm, truncate, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { beforeAll, expect, it, vi } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { Effect } from "effect"
import { referenceModels } from "../../test/reference-models.ts"
import { temporaryDirectory } from "../../test/temporary-directory.ts"
import { tinyConfig } from "../../test/tiny-config.ts"
import { quietly } from "../backend/quietly.ts"
import { loadWasm } from "../backend/wasm.ts"
import { readSafetensors, writeSafetensors } from "../safetensors/index.ts"
import {
  createDecoder,
  type DecoderConfig,
  forwardLogits,
  loadDecoder,
  modelTypes,
  packSequences,
  saveDecoder,
  weightShapes
} from "./index.ts"

const config: DecoderConfig = { ...tinyConfig, beginToken: 1, endTokens: [0, 2], padToken: 3 }

beforeAll(() => quietly(loadWasm))

const rewrite = (path: string, change: (text: string) => string) =>
  Effect.promise(async () => writeFile(path, change(await readFile(path, "utf8"))))

it.effect("a saved decoder loads with the same settings and the same bits", () =>
  Effect.gen(function* () {
    const path = yield* temporaryDirectory
    const decoder = createDecoder(config, 8)
    yield* saveDecoder(decoder, path)
    const loaded = yield* loadDecoder(path)
    expect(loaded.config).toEqual(config)
    for (const [name, tensor] of Object.entries(decoder.weights)) {
      expect(loaded.weights[name]?.dataSync()).toEqual(tensor.dataSync())
    }
  }).pipe(Effect.scoped)
)

for (const { name, directory, load } of referenceModels) {
  it.effect(`${name} survives being saved in several files`, () =>
    Effect.gen(function* () {
      const path = yield* temporaryDirectory
      const original = yield* loadDecoder(directory, load)
      yield* saveDecoder(original, path, { maximumFileBytes: 12_000 })
      expect(
        yield* Effect.promise(() => readFile(join(path, "model.safetensors.index.json"), "utf8"))
      ).toContain("model-00002-of-")
      const loaded = yield* loadDecoder(path, load)
      expect(loaded.config).toEqual(original.config)
      for (const [weight, tensor] of Object.entries(original.weights)) {
        expect(loaded.weights[weight]?.dataSync()).toEqual(tensor.dataSync())
      }
      original.dispose()
      loaded.dispose()
    }).pipe(Effect.scoped)
  )
}

it.effect("a model that is saved in the place of another is the one that is loaded", () =>
  Effect.gen(function* () {
    const path = yield* temporaryDirectory
    for (const [seed, maximumFileBytes] of [
      [1, 1e6],
      [2, 600],
      [3, 1e6]
    ] as const) {
      const decoder = createDecoder(config, seed)
      yield* saveDecoder(decoder, path, { maximumFileBytes })
      const loaded = yield* loadDecoder(path)
      for (const [name, tensor] of Object.entries(decoder.weights)) {
        expect(loaded.weights[name]?.dataSync()).toEqual(tensor.dataSync())
      }
      const files = yield* Effect.promise(() => readdir(path))
      expect(files.includes("model.safetensors")).toBe(seed !== 2)
      expect(files.includes("model.safetensors.index.json")).toBe(seed === 2)
    }
  }).pipe(Effect.scoped)
)

it.effect(
  "a decoder of parts that its architecture cannot have is not written as if it were without them",
  () =>
    Effect.gen(function* () {
      const path = yield* temporaryDirectory
      const layers = { ...config, layers: 2 }
      for (const [wrong, named] of [
        [{ ...config, queryKeyNorm: true }, "it cannot say the decoder's queryKeyNorm."],
        [{ ...layers, modelType: "mistral", slidingWindows: [3, undefined] }, "slidingWindows"],
        [{ ...config, modelType: "qwen2" }, "biases"],
        [{ ...config, rope: { theta: 100, rotatedFeatures: 2 } }, "partial_rotary_factor is 0.5, not 1"]
      ] as const) {
        const failed = yield* Effect.flip(saveDecoder(createDecoder(wrong, 8), path))
        expect(failed.message).toContain(named)
      }
      expect(yield* Effect.promise(() => readdir(path))).toEqual([])
    }).pipe(Effect.scoped)
)

it.effect("every architecture keeps a head size of its own", () =>
  Effect.gen(function* () {
    const path = yield* temporaryDirectory
    for (const modelType of modelTypes) {
      const parts: Partial<DecoderConfig> = {
        ...(modelType === "qwen2" && { biases: ["q_proj", "k_proj", "v_proj"] }),
        queryKeyNorm: modelType === "qwen3",
        fusedProjections: modelType === "phi3"
      }
      const wide = { ...config, modelType, headSize: 6, ...parts }
      yield* saveDecoder(createDecoder(wide, 8), path)
      expect((yield* loadDecoder(path)).config).toEqual(wide)
    }
  }).pipe(Effect.scoped)
)

it.effect("halves lose what they must, and a failed load leaves no tensor behind", () =>
  Effect.gen(function* () {
    const path = yield* temporaryDirectory
    const decoder = createDecoder(config, 8)
    const name = "model.embed_tokens.weight"
    const exact = decoder.weights[name]?.dataSync() ?? []
    for (const [type, error] of [
      ["bfloat16", 2 ** -8],
      ["float16", 2 ** -11]
    ] as const) {
      yield* saveDecoder(decoder, path, { type })
      const loaded = yield* loadDecoder(path)
      loaded.weights[name]?.dataSync().forEach((value, i) => {
        const bound = error * Math.abs(exact[i] ?? Number.NaN) + 2 ** -25
        expect(Math.abs(value - (exact[i] ?? Number.NaN))).toBeLessThanOrEqual(bound)
      })
      loaded.dispose()
    }
    const before = tf.memory().numTensors
    yield* rewrite(join(path, "config.json"), (text) => text.replace('"vocab_size": 7', '"vocab_size": 9'))
    yield* Effect.flip(loadDecoder(path))
    expect(tf.memory().numTensors).toBe(before)
  }).pipe(Effect.scoped)
)

it.effect("weights that the backend has no memory for are named before any is read", () =>
  Effect.gen(function* () {
    const path = yield* temporaryDirectory
    // A sparse file: 2^30 weights take 4 GiB.
    const wide = { ...config, vocabularySize: 2 ** 27 }
    yield* saveDecoder(createDecoder(config, 8), path)
    const header: Record<string, unknown> = {}
    let end = 0
    for (const [name, shape] of weightShapes(wide)) {
      const start = end
      end += 2 * shape.reduce((product, extent) => product * extent, 1)
      header[name] = { dtype: "BF16", shape, data_offsets: [start, end] }
    }
    const json = Buffer.from(JSON.stringify(header))
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(json.length))
    yield* Effect.promise(async () => {
      const file = join(path, "model.safetensors")
      await writeFile(file, Buffer.concat([length, json]))
      await truncate(file, 8 + json.length + end)
    })
    yield* rewrite(join(path, "config.json"), (text) =>
      text.replace('"vocab_size": 7', `"vocab_size": ${2 ** 27}`)
    )
    const before = tf.memory().numTensors
    const { message } = yield* Effect.flip(loadDecoder(path))
    expect(message).toMatch(/take 40\d\d MiB as 32-bit floats, for which the wasm backend has no memory/)
    expect(tf.memory().numTensors).toBe(before)
  }).pipe(Effect.scoped)
)

it.effect("the host has given a weight back before the next one is uploaded", () =>
  Effect.gen(function* () {
    const path = yield* temporaryDirectory
    yield* saveDecoder(createDecoder(config, 8), path)
    const backend = tf.backend()
    const write = backend.write.bind(backend)
    const onHost: Array<Float32Array> = []
    const held: Array<number> = []
    const spy = vi.spyOn(backend, "write").mockImplementation((values, ...rest) => {
      if (values instanceof Float32Array) onHost.push(values)
      held.push(onHost.filter(({ length }) => length > 0).length)
      return write(values, ...rest)
    })
    const decoder = yield* loadDecoder(path)
    spy.mockRestore()
    expect(held).toEqual([...weightShapes(config)].map(() => 1))
    decoder.dispose()
  }).pipe(Effect.scoped)
)

it.effect(
  "tables that are larger than the backend's tensors are loaded in parts, read in parts and saved whole",
  () =>
    Effect.gen(function* () {
      const path = yield* temporaryDirectory
      const copy = yield* temporaryDirectory
      for (const tiedEmbeddings of [true, false]) {
        yield* saveDecoder(createDecoder({ ...config, tiedEmbeddings }, 8), path)
        const whole = yield* loadDecoder(path)
        // Three of the seven rows of eight features in 32-bit floats.
        const parts = yield* loadDecoder(path, { largestTensorBytes: 100 })
        const names = tiedEmbeddings
          ? ["model.embed_tokens.weight"]
          : ["lm_head.weight", "model.embed_tokens.weight"]
        expect(
          Object.keys(parts.weights)
            .filter((name) => name.includes(".rows."))
            .sort()
        ).toEqual(names.flatMap((name) => [0, 1, 2].map((part) => `${name}.rows.${part}`)))
        const tokens = packSequences([{ prompt: [6, 2, 3, 0], completion: [5] }])
        const logits = [whole, parts].map((one) =>
          tf.tidy(() => forwardLogits(one, undefined, tokens).dataSync())
        )
        expect(logits[1]).toEqual(logits[0])
        yield* saveDecoder(parts, copy)
        const [before, after] = yield* Effect.promise(() =>
          Promise.all([path, copy].map((directory) => readFile(join(directory, "model.safetensors"))))
        )
        expect(after).toEqual(before)
        whole.dispose()
        parts.dispose()
        const trained = yield* loadDecoder(path, { largestTensorBytes: 100, trainable: true })
        expect(Object.keys(trained.weights)).toContain("model.embed_tokens.weight")
        trained.dispose()
      }
    }).pipe(Effect.scoped)
)

it.effect("a backend whose memory ends half way gives back what it had, and is named", () =>
  Effect.gen(function* () {
    const path = yield* temporaryDirectory
    yield* saveDecoder(createDecoder(config, 8), path)
    const before = tf.memory().numTensors
    const backend = tf.backend()
    const write = backend.write.bind(backend)
    const spy = vi.spyOn(backend, "write").mockImplementation((...given) => {
      if (spy.mock.calls.length === 4) throw new Error("The wasm backend has no memory for a float32 tensor.")
      return write(...given)
    })
    const failed = yield* Effect.flip(loadDecoder(path))
    spy.mockRestore()
    expect(failed.message).toContain("take 1 MiB as 32-bit floats, for which the wasm backend has no memory")
    expect(tf.memory().numTensors).toBe(before)
  }).pipe(Effect.scoped)
)

it.effect("tied checkpoints may hold an output head too, and any may hold what is not used", () =>
  Effect.gen(function* () {
    const path = yield* temporaryDirectory
    yield* saveDecoder(createDecoder(config, 8), path)
    const file = join(path, "model.safetensors")
    const more = { shape: [7, 8], values: new Float32Array(56) }
    const tensors = new Map(yield* readSafetensors(file, ""))
      .set("lm_head.weight", more)
      .set("model.layers.0.self_attn.rotary_emb.inv_freq", { shape: [2], values: new Float32Array(2) })
    yield* writeSafetensors(file, tensors, "float32")
    const loaded = yield* loadDecoder(path)
    expect(Object.keys(loaded.weights)).not.toContain("lm_head.weight")
    yield* rewrite(join(path, "config.json"), (text) =>
      text.replace('"tie_word_embeddings": true', '"tie_word_embeddings": false')
    )
    expect(Object.keys((yield* loadDecoder(path)).weights)).toContain("lm_head.weight")
  }).pipe(Effect.scoped)
)

it.effect("what keeps a directory from being a decoder is named", () =>
  Effect.gen(function* () {
    const path = yield* temporaryDirectory
    const messageOf = Effect.map(Effect.flip(loadDecoder(path)), ({ message }) => message)
    expect(yield* messageOf).toContain("config.json cannot be read")
    yield* saveDecoder(createDecoder(config, 8), path)
    const file = join(path, "config.json")
    const original = yield* Effect.promise(() => readFile(file, "utf8"))
    const change = (from: string, to: string) =>
      rewrite(file, () => original.replace(from, to)).pipe(Effect.andThen(messageOf))
    expect(yield* change('"vocab_size": 7', '"vocab_size": 9')).toContain(
      "model.embed_tokens.weight has shape [7, 8], not [9, 8]"
    )
    expect(yield* change('"num_hidden_layers": 1', '"num_hidden_layers": 2')).toContain(
      "model.layers.1.input_layernorm.weight is missing"
    )
    expect(yield* change('"attention_bias": false', '"attention_bias": true')).toContain(
      "model.layers.0.self_attn.q_proj.bias is missing"
    )
    yield* rewrite(file, () => original)
    yield* Effect.promise(() => rm(join(path, "model.safetensors")))
    expect(yield* messageOf).toContain("model.safetensors cannot be read")
  }).pipe(Effect.scoped)
)

it.effect("what is wrong with a model in several files is named", () =>
  Effect.gen(function* () {
    const path = yield* temporaryDirectory
    yield* saveDecoder(createDecoder(config, 8), path, { maximumFileBytes: 600 })
    const index = join(path, "model.safetensors.index.json")
    const original = yield* Effect.promise(() => readFile(index, "utf8"))
    const messageOf = Effect.map(Effect.flip(loadDecoder(path)), ({ message }) => message)
    const last = /"model\.norm\.weight": "(.*)"/.exec(original)?.[1] ?? ""
    yield* rewrite(index, (text) => text.replace(`"model.norm.weight": "${last}"`, '"other": "other"'))
    expect(yield* messageOf).toContain(
      "index.json does not hold the weights that config.json describes: model.norm"
    )
    yield* rewrite(index, () =>
      original.replace(
        `"model.norm.weight": "${last}"`,
        original.match(/"model\.embed.*"/)?.[0].replace("embed_tokens", "norm") ?? ""
      )
    )
    expect(yield* messageOf).toContain("model.norm.weight should be in model-00001-of-")
    yield* rewrite(index, () => original)
    yield* Effect.promise(() => rm(join(path, last)))
    expect(yield* messageOf).toContain(`${last} cannot be read`)
  }).pipe(Effect.scoped)
)
