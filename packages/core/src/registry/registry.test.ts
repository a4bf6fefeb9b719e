import { describe, expect, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { StoreError } from "../errors.ts"
import type { Task } from "../task.ts"
import { definePlugin } from "./plugin.ts"
import { createRegistry } from "./registry.ts"

/** A tasks plug-in: the simplest product to look at. */
const tasks = (name: string, make: (count: number, seed: number) => ReadonlyArray<Task>) =>
  definePlugin({
    kind: "tasks",
    name,
    options: Schema.Struct({
      count: Schema.Int,
      inner: Schema.optionalKey(Schema.Struct({ level: Schema.Literals(["easy", "hard"]) }))
    }),
    make: ({ count }, { seed }) => Effect.succeed(make(count, seed))
  })
const numbered = (prefix: string) => (count: number, seed: number) =>
  Array.from({ length: count }, (_, i) => ({ id: `${prefix}${seed}-${i}`, question: "?" }))

const context = { seed: 7 }
const registry = createRegistry([tasks("sums", numbered("s")), tasks("counts", numbered("c"))])

describe("createRegistry", () => {
  it.effect("makes the plug-in that is named, from its decoded options and the context", () =>
    Effect.gen(function* () {
      const made = yield* registry.make("tasks", { use: "counts", count: 2 }, context, "tasks.train")
      expect(made.map(({ id }) => id)).toEqual(["c7-0", "c7-1"])
    })
  )

  it.effect("lets a later plug-in replace an earlier one of the same kind and name", () =>
    Effect.gen(function* () {
      const later = createRegistry([
        tasks("sums", numbered("old")),
        tasks("counts", numbered("c")),
        tasks("sums", numbered("new"))
      ])
      expect(later.names("tasks")).toEqual(["counts", "sums"])
      const made = yield* later.make("tasks", { use: "sums", count: 1 }, context, "tasks.train")
      expect(made[0]?.id).toBe("new7-0")
    })
  )

  it("keeps kinds, and registries, apart", () => {
    expect(registry.names("tasks")).toEqual(["counts", "sums"])
    expect(registry.names("policy")).toEqual([])
    expect(createRegistry([]).names("tasks")).toEqual([])
  })

  it.effect("names a plug-in that is not there with its path, and those that are", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(registry.make("tasks", { use: "sum" }, context, "tasks.train"))
      expect(error).toMatchObject({
        _tag: "ConfigError",
        path: "tasks.train.use",
        message: 'tasks.train.use: there is no tasks plug-in "sum"; known here: counts, sums.'
      })
      const none = yield* Effect.flip(
        registry.make("credit", { use: "tracer" }, { policies: new Map() }, "credit")
      )
      expect(none.message).toBe('credit.use: there is no credit plug-in "tracer"; known here: none.')
    })
  )

  it.effect("names every wrong option with its path, and what is allowed there", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(
        registry.make(
          "tasks",
          { use: "sums", count: "three", inner: { level: "medium" }, cuont: 3 },
          context,
          "tasks.train"
        )
      )
      expect(error).toMatchObject({
        _tag: "ConfigError",
        message: expect.stringContaining('tasks "sums" is not valid')
      })
      expect(error.message).toMatch(/tasks\.train\.count: .*number/i)
      expect(error.message).toMatch(/tasks\.train\.inner\.level: .*"easy".*"hard"/)
      expect(error.message).toContain("tasks.train.cuont: is not a known key; known here: count, inner")
      const missing = yield* Effect.flip(registry.make("tasks", { use: "sums" }, context, "tasks.test"))
      expect(missing).toMatchObject({ path: "tasks.test.count" })
      expect(missing.message).toContain("tasks.test.count: is missing")
    })
  )

  it.effect("hands on the error of a plug-in that cannot be made", () =>
    Effect.gen(function* () {
      const failure = new StoreError({ path: "file", message: "There is no file.", hint: "Write one." })
      const broken = definePlugin({
        kind: "tasks",
        name: "broken",
        options: Schema.Struct({}),
        make: () => Effect.fail(failure)
      })
      const error = yield* Effect.flip(
        createRegistry([broken]).make("tasks", { use: "broken" }, context, "tasks")
      )
      expect(error).toBe(failure)
    })
  )

  it.effect("releases what a plug-in acquired when the scope closes, and not before", () =>
    Effect.gen(function* () {
      const log: Array<string> = []
      const held = definePlugin({
        kind: "tasks",
        name: "held",
        options: Schema.Struct({}),
        make: () => Effect.acquireRelease(Effect.succeed([]), () => Effect.sync(() => log.push("released")))
      })
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* createRegistry([held]).make("tasks", { use: "held" }, context, "tasks")
          log.push("used")
        })
      )
      expect(log).toEqual(["used", "released"])
    })
  )
})
