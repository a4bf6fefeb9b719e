import { Effect, Schema, type Scope } from "effect"
import { SqlError } from "effect/sql"
import { StoreError } from "../errors.ts"
import { TracerEvent } from "../event.ts"
import { sqliteClient } from "./sqlite-client.ts"

/** The append-only record of a run: the truth that reports, resuming and the studio read. */
export interface EventLog {
  /** All or none of the events, in their order. */
  readonly append: (events: ReadonlyArray<TracerEvent>) => Effect.Effect<void, StoreError>
  /** The number of events held. */
  readonly length: Effect.Effect<number, StoreError>
  /** The events of one type, or all, from the first. */
  readonly read: (type?: TracerEvent["type"]) => Effect.Effect<ReadonlyArray<TracerEvent>, StoreError>
  /** Forgets all but the first `length` events: what a killed run wrote after its last checkpoint. */
  readonly truncate: (length: number) => Effect.Effect<void, StoreError>
}

/** An event log that lives and dies with the process. */
export const memoryEventLog = (): EventLog => {
  const held: Array<TracerEvent> = []
  return {
    append: (events) => Effect.sync(() => void held.push(...events)),
    length: Effect.sync(() => held.length),
    read: (type) => Effect.sync(() => held.filter((event) => type === undefined || event.type === type)),
    truncate: (length) => Effect.sync(() => void held.splice(length))
  }
}

const encode = Schema.encodeEffect(Schema.fromJsonString(TracerEvent))
const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(TracerEvent))

/** An event log in a SQLite file, created where it is missing. */
export const sqliteEventLog: (file: string) => Effect.Effect<EventLog, StoreError, Scope.Scope> =
  Effect.fnUntraced(function* (file: string) {
    const failed = (cause: unknown) =>
      new StoreError({
        path: file,
        message: `The event log ${file} cannot be used: ${
          SqlError.isSqlError(cause) ? String(cause.reason.cause ?? cause.message) : String(cause)
        }`,
        hint: "Check that the folder can be written and that the file is an event log of this SDK.",
        cause
      })
    const sql = yield* Effect.mapError(sqliteClient(file), failed)
    yield* Effect.mapError(
      sql`CREATE TABLE IF NOT EXISTS events (
        sequence INTEGER PRIMARY KEY,
        type TEXT NOT NULL,
        episode INTEGER,
        data TEXT NOT NULL
      ) STRICT`,
      failed
    )
    const length = Effect.mapError(
      Effect.map(
        sql<{ readonly last: number }>`SELECT COALESCE(MAX(sequence), 0) AS last FROM events`,
        (rows) => rows[0]?.last ?? 0
      ),
      failed
    )
    return {
      length,
      append: (events) =>
        Effect.gen(function* () {
          let sequence = yield* length
          for (const event of events) {
            sequence += 1
            const episode = "episode" in event ? event.episode : null
            const data = yield* encode(event)
            yield* sql`INSERT INTO events (sequence, type, episode, data)
              VALUES (${sequence}, ${event.type}, ${episode}, ${data})`
          }
        }).pipe(sql.withTransaction, Effect.mapError(failed)),
      read: (type) =>
        (type === undefined
          ? sql<{ readonly data: string }>`SELECT data FROM events ORDER BY sequence`
          : sql<{ readonly data: string }>`SELECT data FROM events WHERE type = ${type} ORDER BY sequence`
        ).pipe(
          Effect.flatMap((rows) => Effect.forEach(rows, ({ data }) => decode(data))),
          Effect.mapError(failed)
        ),
      truncate: (kept) =>
        Effect.mapError(Effect.asVoid(sql`DELETE FROM events WHERE sequence > ${kept}`), failed)
    }
  })
