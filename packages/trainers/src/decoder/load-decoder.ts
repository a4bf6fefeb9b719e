import { join } from "node:path"
import * as tf from "@tensorflow/tfjs"
import { Effect } from "effect"
import { deviceProblem } from "../backend/device-problem.ts"
import { wasmMemoryLimit } from "../backend/wasm-memory-guard.ts"
import { ModelError } from "../files/model-error.ts"
import { bytesPerValue, sizeOf } from "../safetensors/header.ts"
import type { SafetensorsFile } from "../safetensors/index.ts"
import { type Checkpoint, openCheckpoint } from "./checkpoint.ts"
import { furthestPositions, readDecoderConfig, withPositions } from "./config-file.ts"
import { makeDecoder } from "./create-decoder.ts"
import { rowParts } from "./row-table.ts"
import type { Decoder } from "./types.ts"
import { upload, whenUploaded } from "./upload.ts"
import { weightShapes } from "./weight-shapes.ts"

/** How to load a decoder. */
export interface LoadOptions {
  /** Whether the weights themselves are to be trained; by default they are frozen, and only adapters learn. */
  readonly trainable?: boolean
  /**
   * The longest sequence, in tokens; by default what the model was trained for. A model with LongRoPE takes its long factors for
   * every sequence if it is more than the original positions, and can be asked for more than the default.
   */
  readonly maximumPositions?: number
  /**
   * What the backend takes at most in one tensor; by default all there is. Frozen embeddings and output heads that are larger are
   * loaded in parts of their rows.
   */
  readonly largestTensorBytes?: number
}

const sameShape = (left: ReadonlyArray<number>, right: ReadonlyArray<number>): boolean =>
  left.length === right.length && left.every((extent, i) => extent === right[i])

/** A weight in its file. */
export interface Located {
  readonly name: string
  readonly shape: ReadonlyArray<number>
  readonly file: SafetensorsFile
}

/** Where the weights of those shapes lie; fails with a `ModelError` that names those that are missing or unlike. */
export const locate = (
  checkpoint: Checkpoint,
  shapes: ReadonlyMap<string, ReadonlyArray<number>>
): Effect.Effect<ReadonlyArray<Located>, ModelError> => {
  const located: Array<Located> = []
  const problems: Array<string> = []
  for (const [name, shape] of shapes) {
    const found = checkpoint.find(name)
    if (found === undefined) problems.push(`${name} is missing`)
    else if (bytesPerValue[found.entry.type] === undefined) {
      const known = Object.keys(bytesPerValue).join(", ")
      problems.push(`${name} has type ${found.entry.type}, not one of ${known}`)
    } else if (!sameShape(found.entry.shape, shape)) {
      problems.push(`${name} has shape [${found.entry.shape.join(", ")}], not [${shape.join(", ")}]`)
    } else located.push({ name, shape, file: found.file })
  }
  if (problems.length === 0) return Effect.succeed(located)
  const shown = problems.slice(0, 5).join("; ")
  const more = problems.length > 5 ? `; and ${problems.length - 5} more` : ""
  return Effect.fail(
    new ModelError({
      message: `${checkpoint.path} does not hold the weights that config.json describes: ${shown}${more}.`,
      hint: "Check that config.json and the weights belong to the same model.",
      path: checkpoint.path
    })
  )
}

const bytesOf = (weights: ReadonlyArray<Located>): number =>
  4 * weights.reduce((sum, weight) => sum + sizeOf(weight.shape), 0)

const noMemory = (path: string, weights: ReadonlyArray<Located>, cause?: unknown): ModelError => {
  const mebibytes = Math.ceil(bytesOf(weights) / 1_048_576)
  return new ModelError({
    message:
      `${path}: the weights take ${mebibytes} MiB as 32-bit floats, for which the ${tf.getBackend()} backend has no ` +
      `memory${cause instanceof Error ? `: ${cause.message}` : "."}`,
    hint: "Use a smaller model, or the tensorflow backend on a machine with enough memory.",
    path,
    ...(cause === undefined ? {} : { cause })
  })
}

/** The weights that may be in parts. */
const tables: ReadonlyArray<string> = ["model.embed_tokens.weight", "lm_head.weight"]

interface HostWeight {
  readonly name: string
  readonly values: Float32Array<ArrayBuffer>
  readonly shape: ReadonlyArray<number>
}

/** A weight whole, or copies of its parts of at most `limit` bytes. */
function* partsOf(
  name: string,
  values: Float32Array<ArrayBuffer>,
  shape: ReadonlyArray<number>,
  limit: number
): Generator<HostWeight> {
  const parts = rowParts(name, shape, limit)
  if (parts.length === 1) yield { name, values, shape }
  else {
    const [, width = 1] = shape
    for (const part of parts) {
      const some = values.slice(part.start * width, (part.start + part.rows) * width)
      yield { name: part.name, values: some, shape: [part.rows, width] }
    }
  }
}

/**
 * Reads the weights of those shapes one after another, so that only one of them is on the host: the largest first, while there is
 * still room for it twice.
 */
const readWeights = (
  directory: string,
  shapes: ReadonlyMap<string, ReadonlyArray<number>>,
  { trainable = false, largestTensorBytes = Number.POSITIVE_INFINITY }: LoadOptions
): Effect.Effect<Readonly<Record<string, tf.Tensor>>, ModelError> =>
  Effect.scoped(
    Effect.gen(function* () {
      const checkpoint = yield* openCheckpoint(directory, [...shapes.keys()])
      const located = yield* locate(checkpoint, shapes)
      const weights: Record<string, tf.Tensor> = {}
      const readOne = Effect.fnUntraced(function* ({ name, shape, file }: Located) {
        const values = yield* file.read(name)
        const limit = !trainable && tables.includes(name) ? largestTensorBytes : Number.POSITIVE_INFINITY
        yield* Effect.tryPromise(async () => {
          for (const part of partsOf(name, values, shape, limit)) {
            const tensor = upload(part.values, part.shape)
            const held = trainable ? tf.variable(tensor) : tensor
            if (trainable) tensor.dispose()
            weights[part.name] = held
            await whenUploaded(held)
          }
        }).pipe(
          Effect.catch(({ cause }) =>
            deviceProblem(cause) === "out-of-memory"
              ? Effect.fail(noMemory(checkpoint.path, located, cause))
              : Effect.die(cause)
          )
        )
      })
      if (tf.getBackend() === "wasm" && bytesOf(located) > wasmMemoryLimit) {
        return yield* noMemory(checkpoint.path, located)
      }
      const largestFirst = [...located].sort((left, right) => sizeOf(right.shape) - sizeOf(left.shape))
      yield* Effect.forEach(largestFirst, readOne, { discard: true }).pipe(
        Effect.onError(() => Effect.sync(() => tf.dispose(Object.values(weights))))
      )
      return weights
    })
  )

/**
 * Loads `config.json` and the weights of a directory, in one file or several. Fails with a `ModelError` that names a missing file,
 * what of the architecture is not supported, and each weight that is missing or has another shape; or that there is no memory.
 */
export const loadDecoder = Effect.fn("loadDecoder")(function* (
  directory: string,
  options: LoadOptions = {}
): Effect.fn.Return<Decoder, ModelError> {
  const path = join(directory, "config.json")
  const read = yield* readDecoderConfig(path)
  const maximumPositions = options.maximumPositions ?? read.maximumPositions
  const furthest = furthestPositions(read)
  if (!(Number.isInteger(maximumPositions) && maximumPositions >= 1 && maximumPositions <= furthest)) {
    return yield* new ModelError({
      message: `${path}: the model has ${furthest} positions, not ${maximumPositions}.`,
      hint: `Ask for 1 to ${furthest} positions.`,
      path
    })
  }
  const { extendedPositions: _, ...rest } = read
  const config = { ...rest, ...withPositions(maximumPositions, furthest) }
  const weights = yield* readWeights(directory, weightShapes(config), options)
  return makeDecoder(config, weights)
})
