import { join } from "node:path"
import * as tf from "@tensorflow/tfjs"
import { Effect } from "effect"
import { ModelError } from "../files/model-error.ts"
import { type HostTensor, readSafetensors } from "../safetensors/index.ts"
import { readDecoderConfig } from "./config-file.ts"
import { makeDecoder } from "./create-decoder.ts"
import type { Decoder } from "./types.ts"
import { weightShapes } from "./weight-shapes.ts"

/** How to load a decoder. */
export interface LoadOptions {
  /** Whether the weights themselves are to be trained; by default they are frozen, and only adapters learn. */
  readonly trainable?: boolean
}

const sameShape = (left: ReadonlyArray<number>, right: ReadonlyArray<number>): boolean =>
  left.length === right.length && left.every((extent, i) => extent === right[i])

/** What keeps `tensors` from being the weights of those shapes. */
const problemsOf = (
  tensors: ReadonlyMap<string, HostTensor>,
  shapes: ReadonlyMap<string, ReadonlyArray<number>>
): ReadonlyArray<string> =>
  [...shapes].flatMap(([name, shape]) => {
    const tensor = tensors.get(name)
    if (tensor === undefined) return [`${name} is missing`]
    if (sameShape(tensor.shape, shape)) return []
    return [`${name} has shape [${tensor.shape.join(", ")}], not [${shape.join(", ")}]`]
  })

/**
 * Loads `config.json` and `model.safetensors` from a directory. Fails with a `ModelError` that names a missing file, an
 * architecture that is not Llama's, and each weight that is missing or has another shape.
 */
export const loadDecoder = Effect.fn("loadDecoder")(function* (
  directory: string,
  options: LoadOptions = {}
): Effect.fn.Return<Decoder, ModelError> {
  const config = yield* readDecoderConfig(join(directory, "config.json"))
  const path = join(directory, "model.safetensors")
  const tensors = yield* readSafetensors(path, "A model directory holds its weights in model.safetensors.")
  const shapes = weightShapes(config)
  const problems = problemsOf(tensors, shapes)
  if (problems.length > 0) {
    const shown = problems.slice(0, 5).join("; ")
    const more = problems.length > 5 ? `; and ${problems.length - 5} more` : ""
    return yield* new ModelError({
      message: `${path} does not hold the weights that config.json describes: ${shown}${more}.`,
      hint: "Check that config.json and model.safetensors belong to the same model.",
      path
    })
  }
  const weights: Record<string, tf.Tensor> = {}
  for (const [name, shape] of shapes) {
    const values = tensors.get(name)?.values ?? new Float32Array()
    weights[name] = tf.tidy(() => {
      const tensor = tf.tensor(values, [...shape], "float32")
      return options.trainable === true ? tf.variable(tensor) : tensor
    })
  }
  return makeDecoder(config, weights)
})
