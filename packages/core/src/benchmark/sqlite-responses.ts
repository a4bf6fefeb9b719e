import { Effect, Schema } from "effect"
import { StoreError } from "../errors.ts"
import { sqliteClient } from "../store/sqlite-client.ts"
import type { ResponseStore } from "./response-cache.ts"

const Held = Schema.fromJsonString(
  Schema.Array(
    Schema.Struct({
      text: Schema.String,
      usage: Schema.Struct({ prompt: Schema.Int, completion: Schema.Int }),
      finish: Schema.Literals(["stop", "length"])
    })
  )
)
const decode = Schema.decodeUnknownEffect(Held)
const encode = Schema.encodeEffect(Held)

/**
 * Responses in a SQLite file, made where it is missing and closed with the scope. Fails with `StoreError` where the file cannot be
 * opened; a response that cannot be read or written later is asked for again.
 */
export const sqliteResponses = Effect.fnUntraced(function* (file: string) {
  const failed = (cause: unknown) =>
    new StoreError({
      path: file,
      message: `The responses in ${file} cannot be used: ${String(cause)}`,
      hint: "Remove the file: what was said is then asked for again.",
      cause
    })
  const sql = yield* Effect.mapError(sqliteClient(file), failed)
  yield* Effect.mapError(
    sql`CREATE TABLE IF NOT EXISTS responses (key TEXT PRIMARY KEY, completions TEXT NOT NULL) STRICT`,
    failed
  )
  const store: ResponseStore = {
    get: (key) =>
      sql<{ readonly completions: string }>`SELECT completions FROM responses WHERE key = ${key}`.pipe(
        Effect.flatMap(([row]) => (row === undefined ? Effect.undefined : decode(row.completions))),
        Effect.orElseSucceed(() => undefined)
      ),
    set: (key, completions) =>
      Effect.flatMap(
        encode(completions),
        (text) => sql`INSERT OR REPLACE INTO responses (key, completions) VALUES (${key}, ${text})`
      ).pipe(Effect.ignore)
  }
  return store
})
