import { join } from "node:path"
import { Effect } from "effect"
import { ModelError } from "../files/model-error.ts"
import { furthestPositions, readDecoderConfig, withPositions } from "./config-file.ts"
import { makeDecoder } from "./create-decoder.ts"
import { readWeights, type WeightOptions } from "./read-weights.ts"
import type { Decoder } from "./types.ts"
import { weightShapes } from "./weight-shapes.ts"

/** How to load a decoder. */
export interface LoadOptions extends WeightOptions {
  /**
   * The longest sequence, in tokens; by default what the model was trained for. A model with LongRoPE takes its long factors for
   * every sequence if it is more than the original positions, and can be asked for more than the default.
   */
  readonly maximumPositions?: number
}

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
