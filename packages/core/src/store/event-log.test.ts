import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import type { TracerEvent } from "../event.ts"
import { type EventLog, memoryEventLog, sqliteEventLog } from "./event-log.ts"

const skip = (round: number): TracerEvent => ({
  type: "turn-skip",
  episode: 3,
  round,
  agent: "bob",
  seat: "reviewer",
  action: "skip"
})
const end: TracerEvent = { type: "run-end", episodes: 1 }

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "tracer-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

const behaves = (make: Effect.Effect<EventLog, unknown, import("effect").Scope.Scope>) =>
  Effect.gen(function* () {
    const log = yield* make
    yield* log.append([skip(2), skip(4)])
    yield* log.append([end])
    expect(yield* log.length).toBe(3)
    expect(yield* log.read()).toEqual([skip(2), skip(4), end])
    expect(yield* log.read("turn-skip")).toEqual([skip(2), skip(4)])
    yield* log.truncate(1)
    yield* log.append([end])
    expect(yield* log.read()).toEqual([skip(2), end])
  })

describe("an event log", () => {
  it.effect("keeps order and forgets a tail, in memory", () => behaves(Effect.sync(memoryEventLog)))

  it.effect("keeps order and forgets a tail, in SQLite", () =>
    Effect.flatMap(folder, (path) => behaves(sqliteEventLog(join(path, "events.sqlite"))))
  )

  it.effect("outlives the process that wrote it", () =>
    Effect.gen(function* () {
      const file = join(yield* folder, "events.sqlite")
      yield* Effect.scoped(Effect.flatMap(sqliteEventLog(file), (log) => log.append([skip(2), end])))
      const log = yield* sqliteEventLog(file)
      expect(yield* log.read()).toEqual([skip(2), end])
    })
  )

  it.effect("names a file that is no database", () =>
    Effect.gen(function* () {
      const file = join(yield* folder, "notes.txt")
      writeFileSync(file, "these are notes, and long enough to be no empty database file at all".repeat(20))
      const error = yield* Effect.flip(sqliteEventLog(file))
      expect(error._tag).toBe("StoreError")
      expect(error.message).toContain("notes.txt")
      expect(error.message).toContain("not a database")
    })
  )
})
