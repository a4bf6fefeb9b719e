import { join } from "node:path"
import type * as tf from "@tensorflow/tfjs"
import { Effect } from "effect"
import type { ModelError } from "../files/model-error.ts"
import { removeFile, writeJson } from "../files/write-file.ts"
import { sizeOf } from "../safetensors/header.ts"
import { type FileType, fileBytesPerValue, writeSafetensors } from "../safetensors/index.ts"
import { indexFile, wholeFile } from "./checkpoint.ts"
import { tableOf } from "./row-table.ts"
import type { Decoder, DecoderConfig } from "./types.ts"
import { weightShapes } from "./weight-shapes.ts"
import { decoderConfigFile } from "./write-config.ts"

/** How to save a decoder. */
export interface SaveOptions {
  /** By default 32-bit floats, which lose nothing. */
  readonly type?: FileType
  /** A larger model is written in several files; by default 5 GB, as Hugging Face has it. */
  readonly maximumFileBytes?: number
}

/** The names of the weights, cut into runs of at most `limit` values but for a weight that is larger by itself. */
const shardsOf = (
  shapes: ReadonlyMap<string, ReadonlyArray<number>>,
  limit: number
): ReadonlyArray<ReadonlyArray<readonly [string, ReadonlyArray<number>]>> => {
  const shards: Array<Array<readonly [string, ReadonlyArray<number>]>> = []
  let room = 0
  for (const [name, shape] of shapes) {
    const size = sizeOf(shape)
    const last = shards.at(-1)
    if (last !== undefined && size <= room) {
      last.push([name, shape])
      room -= size
    } else {
      shards.push([[name, shape]])
      room = limit - size
    }
  }
  return shards
}

/**
 * Writes `config.json` and the weights that `valuesOf` gives one after another, each asked for once; in the place of a model that the
 * directory holds already.
 */
export const saveWeights = Effect.fnUntraced(function* (
  config: DecoderConfig,
  valuesOf: (name: string) => Promise<Float32Array>,
  directory: string,
  { type = "float32", maximumFileBytes = 5e9 }: SaveOptions = {}
): Effect.fn.Return<void, ModelError> {
  const configPath = join(directory, "config.json")
  const configFile = yield* decoderConfigFile(config, configPath)
  const width = fileBytesPerValue(type)
  const shapes = weightShapes(config)
  const shards = shardsOf(shapes, maximumFileBytes / width)
  const number = (of: number) => String(of).padStart(5, "0")
  const weightMap: Record<string, string> = {}
  for (const [i, shard] of shards.entries()) {
    const name =
      shards.length === 1 ? wholeFile : `model-${number(i + 1)}-of-${number(shards.length)}.safetensors`
    const tensors = shard.map(
      ([weight, shape]) => [weight, { shape, values: () => valuesOf(weight) }] as const
    )
    yield* writeSafetensors(join(directory, name), new Map(tensors), type)
    for (const [weight] of shard) weightMap[weight] = name
  }
  if (shards.length > 1) {
    const values = [...shapes.values()].reduce((sum, shape) => sum + sizeOf(shape), 0)
    yield* writeJson(join(directory, indexFile), {
      metadata: { total_size: values * width },
      weight_map: weightMap
    })
  }
  // What tells of an earlier model's weights would be believed before, or beside, what tells of these.
  yield* removeFile(join(directory, shards.length > 1 ? wholeFile : indexFile))
  yield* writeJson(configPath, { ...configFile, torch_dtype: type })
})

const valuesOfTable = async (parts: ReadonlyArray<tf.Tensor>): Promise<Float32Array> => {
  const values = new Float32Array(parts.reduce((sum, { size }) => sum + size, 0))
  let start = 0
  for (const part of parts) {
    values.set(await part.data(), start)
    start += part.size
  }
  return values
}

/** Writes a decoder as Hugging Face's transformers load it, one weight at a time. */
export const saveDecoder = Effect.fn("saveDecoder")(
  (decoder: Decoder, directory: string, options: SaveOptions = {}): Effect.Effect<void, ModelError> =>
    saveWeights(
      decoder.config,
      (name) => valuesOfTable(tableOf(decoder, undefined, name)),
      directory,
      options
    )
)
