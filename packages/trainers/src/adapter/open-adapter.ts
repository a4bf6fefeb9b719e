import { stat } from "node:fs/promises"
import { join } from "node:path"
import { Effect, type Scope } from "effect"
import type { AdapterConfig, DecoderConfig } from "../decoder/types.ts"
import { ModelError } from "../files/model-error.ts"
import type { AdapterTensors } from "./adapter-tensors.ts"
import { openLora, readLoraConfig } from "./lora-file.ts"
import { openTrainedWeights, readTrainedConfig, trainedConfigFile } from "./trained-weights-file.ts"
import { variableShapes } from "./variable-shapes.ts"

/** What a folder's adapter changes of a decoder, and its tensors: all there and of the right shapes. */
export interface OpenAdapter {
  readonly config: AdapterConfig
  /** Name and shape of every variable, in the order of a new adapter's. */
  readonly shapes: ReadonlyMap<string, ReadonlyArray<number>>
  readonly tensors: AdapterTensors
}

const holdsWeights = (directory: string): Effect.Effect<boolean> =>
  Effect.promise(() =>
    stat(join(directory, trainedConfigFile)).then(
      () => true,
      () => false
    )
  )

const problemWith = (
  found: AdapterTensors["shapes"],
  expected: ReadonlyMap<string, ReadonlyArray<number>>
): string | undefined => {
  for (const [name, shape] of expected) {
    const own = found.get(name)
    if (own === undefined) return `${name} [${shape.join(", ")}] is missing`
    if (own.join() !== shape.join()) {
      return `${name} has shape [${own.join(", ")}], not [${shape.join(", ")}]`
    }
  }
  const extra = [...found.keys()].find((name) => !expected.has(name))
  return extra === undefined ? undefined : `${extra} is no weight of an adapter with these settings`
}

/** Opens a folder's adapter for the time of the scope. Fails with a `ModelError` that names what does not fit `decoder`. */
export const openAdapter = Effect.fnUntraced(function* (
  directory: string,
  decoder: DecoderConfig
): Effect.fn.Return<OpenAdapter, ModelError, Scope.Scope> {
  const whole = yield* holdsWeights(directory)
  const config = yield* whole ? readTrainedConfig(directory) : readLoraConfig(directory, decoder)
  const tensors = yield* whole ? openTrainedWeights(directory) : openLora(directory)
  const shapes = variableShapes(decoder, config)
  const problem = problemWith(tensors.shapes, shapes)
  if (problem === undefined) return { config, shapes, tensors }
  return yield* new ModelError({
    message: `${tensors.path}: ${problem}.`,
    hint: "Use an adapter that was trained on this base model.",
    path: tensors.path
  })
})
