import { stat } from "node:fs/promises"
import { join } from "node:path"
import { Effect, Schema, type Scope } from "effect"
import { ModelError } from "../files/model-error.ts"
import { readOptionalJson } from "../files/read-file.ts"
import { openSafetensors, type SafetensorsFile, type TensorEntry } from "../safetensors/index.ts"

/** The one file of a small model. */
export const wholeFile = "model.safetensors"
/** The file that tells which of the others holds a tensor. */
export const indexFile = "model.safetensors.index.json"

/** The weights of a model directory, in one file or in several. */
export interface Checkpoint {
  /** The file that tells what there is. */
  readonly path: string
  /** Where a tensor lies; undefined where there is none of that name. */
  readonly find: (name: string) => { readonly file: SafetensorsFile; readonly entry: TensorEntry } | undefined
}

const IndexFile = Schema.Struct({ weight_map: Schema.Record(Schema.String, Schema.String) })

const hint = `A model directory holds its weights in ${wholeFile}, or in files that ${indexFile} names; PyTorch's .bin files are not read.`
const brokenHint = "Fetch the files that are missing or cut off again."

const exists = (path: string): Effect.Effect<boolean> =>
  Effect.promise(() =>
    stat(path).then(
      () => true,
      () => false
    )
  )

/**
 * Opens the files that hold `names`, for the time of the scope. Fails with a `ModelError` that names a file that is missing or
 * broken, and a tensor that does not lie where the index says.
 */
export const openCheckpoint = Effect.fnUntraced(function* (
  directory: string,
  names: ReadonlyArray<string>
): Effect.fn.Return<Checkpoint, ModelError, Scope.Scope> {
  const whole = join(directory, wholeFile)
  const path = join(directory, indexFile)
  const index = (yield* exists(whole)) ? undefined : yield* readOptionalJson(IndexFile, path, brokenHint)
  if (index === undefined) {
    const file = yield* openSafetensors(whole, hint)
    const find = (name: string) => {
      const entry = file.entries.get(name)
      return entry === undefined ? undefined : { file, entry }
    }
    return { path: whole, find }
  }
  const files = new Map<string, SafetensorsFile>()
  for (const name of names) {
    const shard = index.weight_map[name]
    if (shard === undefined) continue
    const file = files.get(shard) ?? (yield* openSafetensors(join(directory, shard), brokenHint))
    files.set(shard, file)
    if (!file.entries.has(name)) {
      const message = `${path}: ${name} should be in ${shard}, but is not.`
      return yield* new ModelError({ message, hint: brokenHint, path })
    }
  }
  const find = (name: string) => {
    const file = files.get(index.weight_map[name] ?? "")
    const entry = file?.entries.get(name)
    return file === undefined || entry === undefined ? undefined : { file, entry }
  }
  return { path, find }
})
