import { readFile } from "node:fs/promises"
import { Effect, Schema } from "effect"
import { StoreError } from "../errors.ts"
import { reasonOf } from "../reason-of.ts"
import { writeWholeFile } from "./write-whole-file.ts"

/** Writes a value as JSON; a reader sees the old file or the new one, never a part. Creates missing folders. */
export const writeJsonFile = <S extends Schema.ConstraintEncoder<unknown>>(
  file: string,
  schema: S,
  value: S["Type"]
): Effect.Effect<void, StoreError> =>
  writeWholeFile(file, () => `${JSON.stringify(Schema.encodeSync(schema)(value), null, 2)}\n`)

/** Reads a JSON file; `what` names its content in errors, as in "a saved team". */
export const readJsonFile = <S extends Schema.ConstraintDecoder<unknown>>(
  file: string,
  schema: S,
  what: string
): Effect.Effect<S["Type"], StoreError> =>
  Effect.tryPromise({
    try: async () =>
      Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Unknown))(await readFile(file, "utf8")),
    catch: (cause) => reasonOf(cause)
  }).pipe(
    Effect.flatMap((json) => Effect.mapError(Schema.decodeUnknownEffect(schema)(json), reasonOf)),
    Effect.mapError(
      (reason) =>
        new StoreError({
          path: file,
          message: `${file} is not ${what}: ${reason}`,
          hint: `Give the folder or file that holds ${what}.`
        })
    )
  )
