import { copyFile, mkdir, stat } from "node:fs/promises"
import { join } from "node:path"
import { Effect, Schema } from "effect"
import { indexFile, openCheckpoint, wholeFile } from "../decoder/checkpoint.ts"
import { readDecoderConfig } from "../decoder/config-file.ts"
import { locate } from "../decoder/locate-weights.ts"
import { type SaveOptions, saveWeights } from "../decoder/save-decoder.ts"
import { weightShapes } from "../decoder/weight-shapes.ts"
import { ModelError } from "../files/model-error.ts"
import { readJson } from "../files/read-file.ts"
import { writeJson } from "../files/write-file.ts"
import type { FileType } from "../safetensors/index.ts"
import { type OpenAdapter, openAdapter } from "./open-adapter.ts"

/** What a model directory holds beside its configuration and its weights. */
const companions = [
  "generation_config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "tokenizer.model",
  "special_tokens_map.json",
  "added_tokens.json",
  "vocab.json",
  "merges.txt",
  "chat_template.jinja",
  "chat_template.json"
]

const typesByName: Readonly<Record<string, FileType>> = { F32: "float32", BF16: "bfloat16", F16: "float16" }

/** Adds `scale * up * down` to a weight `[out, in]`; `up` is `[out, rank]`, `down` `[rank, in]`. Sums in 64 bits. */
export const addLowRank = (
  weight: Float32Array,
  up: Float32Array,
  down: Float32Array,
  rank: number,
  scale: number
): void => {
  const inputs = down.length / rank
  const row = new Float64Array(inputs)
  for (let output = 0; output * inputs < weight.length; output++) {
    row.fill(0)
    for (let r = 0; r < rank; r++) {
      const factor = (up[output * rank + r] ?? 0) * scale
      for (let input = 0; input < inputs; input++) {
        row[input] = (row[input] ?? 0) + factor * (down[r * inputs + input] ?? 0)
      }
    }
    for (let input = 0; input < inputs; input++) {
      const at = output * inputs + input
      weight[at] = (weight[at] ?? 0) + (row[input] ?? 0)
    }
  }
}

/** A weight with what the adapter changes of it. */
const mergedWeight = Effect.fnUntraced(function* (
  name: string,
  base: Effect.Effect<Float32Array, ModelError>,
  { config, shapes, tensors }: OpenAdapter
): Effect.fn.Return<Float32Array, ModelError> {
  if (config.kind !== "lora") return yield* shapes.has(name) ? tensors.read(name) : base
  const module = name.replace(/\.weight$/, "")
  const weight = yield* base
  if (!shapes.has(`${module}.lora_A.weight`)) return weight
  const down = yield* tensors.read(`${module}.lora_A.weight`)
  const up = yield* tensors.read(`${module}.lora_B.weight`)
  addLowRank(weight, up, down, config.rank, config.alpha / config.rank)
  return weight
})

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false
  )

const copyCompanions = (from: string, to: string): Effect.Effect<void, ModelError> =>
  Effect.tryPromise({
    try: async () => {
      await mkdir(to, { recursive: true })
      for (const name of companions) {
        if (await isFile(join(from, name))) await copyFile(join(from, name), join(to, name))
      }
    },
    catch: (cause) =>
      new ModelError({
        message: `The tokenizer's files cannot be copied from ${from} to ${to}.`,
        hint: "Check that the directory can be written to and that the disk has room.",
        path: to,
        cause
      })
  })

/** The base model's own configuration, which says what our reading of it leaves out; only the weights' type is new. */
const copyConfig = Effect.fnUntraced(function* (from: string, to: string, type: FileType) {
  const path = join(from, "config.json")
  const file = yield* readJson(Schema.Record(Schema.String, Schema.Unknown), path, "Name a model directory.")
  yield* writeJson(join(to, "config.json"), { ...file, ["dtype" in file ? "dtype" : "torch_dtype"]: type })
})

/** How to write a merged model: by default in the number format of the base model's weights. */
export type MergeOptions = SaveOptions

/**
 * Writes the model of directory `base` with the adapter of directory `adapter` merged into its weights, as a model directory of its
 * own that transformers, vLLM and this package load: configuration, weights, tokenizer and chat template. One weight at a time is in
 * memory.
 *
 * Fails with a `ModelError` where the base model or the adapter cannot be used, or where `target` already holds a model.
 */
export const mergeAdapter = Effect.fn("mergeAdapter")(
  (
    base: string,
    adapter: string,
    target: string,
    options: MergeOptions = {}
  ): Effect.Effect<void, ModelError> =>
    Effect.scoped(
      Effect.gen(function* () {
        for (const name of [wholeFile, indexFile]) {
          if (yield* Effect.promise(() => isFile(join(target, name)))) {
            return yield* new ModelError({
              message: `${target} already holds a model: there is a ${name}.`,
              hint: "Write the merged model into a directory of its own.",
              path: target
            })
          }
        }
        const config = yield* readDecoderConfig(join(base, "config.json"))
        const opened = yield* openAdapter(adapter, config)
        const shapes = weightShapes(config)
        const checkpoint = yield* openCheckpoint(base, [...shapes.keys()])
        const located = yield* locate(checkpoint, shapes)
        const files = new Map(located.map(({ name, file }) => [name, file]))
        const stored = located.map(({ name, file }) => file.entries.get(name)?.type).find(Boolean) ?? "F32"
        const type = options.type ?? typesByName[stored] ?? "float32"
        const valuesOf = (name: string) => {
          const file = files.get(name)
          if (file === undefined) throw new Error(`The model has no weight ${name}.`)
          return Effect.runPromise(mergedWeight(name, file.read(name), opened))
        }
        yield* saveWeights(config, valuesOf, target, { ...options, type })
        yield* copyConfig(base, target, type)
        yield* copyCompanions(base, target)
      })
    )
)
