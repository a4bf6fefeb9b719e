import * as tf from "@tensorflow/tfjs"
import { Effect } from "effect"
import { deviceProblem } from "../backend/device-problem.ts"
import { wasmMemoryLimit } from "../backend/wasm-memory-guard.ts"
import { ModelError } from "../files/model-error.ts"
import { sizeOf } from "../safetensors/header.ts"
import { openCheckpoint } from "./checkpoint.ts"
import { type Located, locate } from "./locate-weights.ts"
import { rowParts } from "./row-table.ts"
import { upload, whenUploaded } from "./upload.ts"

/** How weights are held. */
export interface WeightOptions {
  /** Whether the weights themselves are to be trained; by default they are frozen, and only adapters learn. */
  readonly trainable?: boolean
  /**
   * What the backend takes at most in one tensor; by default all there is. Frozen embeddings and output heads that are larger are
   * loaded in parts of their rows.
   */
  readonly largestTensorBytes?: number
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
export const readWeights = (
  directory: string,
  shapes: ReadonlyMap<string, ReadonlyArray<number>>,
  { trainable = false, largestTensorBytes = Number.POSITIVE_INFINITY }: WeightOptions
): Effect.Effect<Readonly<Record<string, tf.Tensor>>, ModelError> =>
  Effect.scoped(
    Effect.gen(function* () {
      const checkpoint = yield* openCheckpoint(directory, [...shapes.keys()])
      const located = yield* locate(checkpoint, shapes)
      const weights: Record<string, tf.Tensor> = {}
      const readOne = Effect.fnUntraced(function* ({ name, shape, file }: Located) {
        const values = yield* file.read(name)
        const limit = !trainable && tables.includes(name) ? largestTensorBytes : Number.POSITIVE_INFINITY
        yield* Effect.tryPromise(async (signal) => {
          for (const part of partsOf(name, values, shape, limit)) {
            // Nobody would free what came after an interruption.
            if (signal.aborted) return
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
