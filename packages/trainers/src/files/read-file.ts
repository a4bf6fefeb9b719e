import { readFile } from "node:fs/promises"
import { Effect, Schema } from "effect"
import { ModelError } from "./model-error.ts"

/** The bytes of a file; a file that cannot be read is a `ModelError` with `hint`. */
const readBytes = (path: string, hint: string): Effect.Effect<Uint8Array, ModelError> =>
  Effect.tryPromise({
    try: () => readFile(path),
    catch: (cause) => new ModelError({ message: `${path} cannot be read.`, hint, path, cause })
  })

const isMissing = (cause: unknown): boolean =>
  cause instanceof Error && "code" in cause && cause.code === "ENOENT"

/** The bytes of a file, or undefined where there is no such file. */
export const readOptionalBytes = (
  path: string,
  hint: string
): Effect.Effect<Uint8Array | undefined, ModelError> =>
  readBytes(path, hint).pipe(
    Effect.catchIf(
      ({ cause }) => isMissing(cause),
      () => Effect.succeed(undefined)
    )
  )

const parseJson = Effect.fnUntraced(function* <S extends Schema.ConstraintDecoder<unknown>>(
  schema: S,
  bytes: Uint8Array,
  path: string,
  hint: string
): Effect.fn.Return<S["Type"], ModelError> {
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

/** A JSON file's contents, decoded; keys that the schema does not name are left out. */
export const readJson = <S extends Schema.ConstraintDecoder<unknown>>(
  schema: S,
  path: string,
  hint: string
): Effect.Effect<S["Type"], ModelError> =>
  Effect.flatMap(readBytes(path, hint), (bytes) => parseJson(schema, bytes, path, hint))

/** The same, or undefined where there is no such file. */
export const readOptionalJson = <S extends Schema.ConstraintDecoder<unknown>>(
  schema: S,
  path: string,
  hint: string
): Effect.Effect<S["Type"] | undefined, ModelError> =>
  Effect.flatMap(readOptionalBytes(path, hint), (bytes) =>
    bytes === undefined ? Effect.succeed(undefined) : parseJson(schema, bytes, path, hint)
  )
