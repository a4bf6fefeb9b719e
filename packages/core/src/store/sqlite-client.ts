import type { StatementSync } from "node:sqlite"
import { Effect, Semaphore, Stream } from "effect"
import { Reactivity } from "effect/reactivity"
import { type SqlClient, type SqlConnection, SqlError, Statement } from "effect/sql"
import * as Client from "effect/sql/SqlClient"

const isParameter = (value: unknown): value is null | number | bigint | string | Uint8Array =>
  value === null ||
  typeof value === "number" ||
  typeof value === "bigint" ||
  typeof value === "string" ||
  value instanceof Uint8Array

const parameters = (values: ReadonlyArray<unknown>) =>
  values.map((value) => {
    if (isParameter(value)) return value
    if (typeof value === "boolean") return value ? 1 : 0
    throw new TypeError(`SQLite cannot store a ${typeof value}`)
  })

/**
 * An `effect/sql` client on Node's own SQLite; the database file is created where it is missing and closed with the
 * scope. Statements fail with `SqlError`.
 */
export const sqliteClient = Effect.fnUntraced(function* (file: string) {
  const database = yield* Effect.acquireRelease(
    Effect.tryPromise({
      try: async () => {
        // Loaded with the first file: Node warns of an experimental feature as soon as it is imported.
        const { DatabaseSync } = await import("node:sqlite")
        const opened = new DatabaseSync(file)
        opened.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000")
        return opened
      },
      catch: (cause) =>
        new SqlError.SqlError({
          reason: SqlError.classifySqliteError(cause, { message: `cannot open ${file}`, operation: "open" })
        })
    }),
    (opened) => Effect.sync(() => opened.close())
  )
  const prepared = new Map<string, StatementSync>()
  const prepare = (sql: string): StatementSync => {
    const known = prepared.get(sql)
    if (known !== undefined) return known
    const statement = database.prepare(sql)
    prepared.set(sql, statement)
    return statement
  }
  const attempt = <A>(run: () => A) =>
    Effect.try({
      try: run,
      catch: (cause) =>
        new SqlError.SqlError({
          reason: SqlError.classifySqliteError(cause, { message: "statement failed", operation: "execute" })
        })
    })
  const rows = (sql: string, values: ReadonlyArray<unknown>) =>
    attempt(() => prepare(sql).all(...parameters(values)))
  const connection: SqlConnection.Connection = {
    execute: (sql, values, transform) =>
      Effect.map(rows(sql, values), (found) => (transform === undefined ? found : transform(found))),
    executeRaw: rows,
    executeStream: (sql, values, transform) =>
      Stream.fromIterableEffect(
        Effect.map(rows(sql, values), (found) => (transform === undefined ? found : transform(found)))
      ),
    executeValues: (sql, values) => Effect.map(rows(sql, values), (found) => found.map(Object.values)),
    executeValuesUnprepared: (sql, values) =>
      Effect.map(rows(sql, values), (found) => found.map(Object.values)),
    executeUnprepared: (sql, values, transform) =>
      Effect.map(rows(sql, values), (found) => (transform === undefined ? found : transform(found)))
  }
  const semaphore = yield* Semaphore.make(1)
  const client: SqlClient.SqlClient = yield* Client.make({
    ...Client.makeSqliteAcquirers({
      connection: Effect.succeed(connection),
      semaphore,
      isTransaction: () => database.isTransaction
    }),
    compiler: Statement.makeCompilerSqlite(),
    driver: "node:sqlite",
    spanAttributes: [["db.system.name", "sqlite"]]
  }).pipe(Effect.provide(Reactivity.layer))
  return client
})
