import { readFile } from "node:fs/promises"
import { Effect, Schema } from "effect"
import { ModelError } from "./model-error.ts"

/** The bytes of a file; a file that cannot be read is a `ModelError` with `hint`. */
export const readBytes = (path: string, hint: string): Effect.Effect<Uint8Array, ModelError> =>
  Effect.tryPromise({
    try: () => readFile(path),
    catch: (cause) => new ModelError({ message: `${path} cannot be read.`, hint, path, cause })
  })

/** A JSON file's contents, decoded; keys that the schema does not name are left out. */
export const readJson = Effect.fnUntraced(function* <S extends Schema.ConstraintDecoder<unknown>>(
  schema: S,
  path: string,
  hint: string
): Effect.fn.Return<S["Type"], ModelError> {
  const bytes = yield* readBytes(path, hint)
  const parsed = yield* Effect.try({
    try: (): unknown => JSON.parse(new TextDecoder().decode(bytes)),
    catch: (cause) => new ModelError({ message: `${path} is not JSON.`, hint, path, cause })
  })
  return yield* Schema.decodeUnknownEffect(schema)(parsed).pipe(
    Effect.mapError(
      (cause) =>
        new ModelError({ message: `${path} is not as expected: ${cause.message}`, hint, path, cause })
    )
  )
})
