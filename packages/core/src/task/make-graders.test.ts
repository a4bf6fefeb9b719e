import { describe, expect, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { defineGrader } from "../answer/index.ts"
import { corePlugins } from "../plugins.ts"
import { definePlugin } from "../registry/plugin.ts"
import { createRegistry } from "../registry/registry.ts"
import { makeGraders } from "./make-graders.ts"
import { requireGolds } from "./require-golds.ts"

const colour = definePlugin({
  kind: "grader",
  name: "colour",
  options: Schema.Struct({ names: Schema.Array(Schema.String) }),
  make: ({ names }, { dataset }) =>
    Effect.succeed(
      defineGrader({ name: dataset, parse: (words) => names.find((name) => words.includes(name)) })
    )
})
const registry = createRegistry([...corePlugins, colour])

describe("makeGraders", () => {
  it.effect("gives data sets the graders that the configuration names, and others their own", () =>
    Effect.gen(function* () {
      const graders = { flags: { use: "colour", names: ["red", "blue"] }, cities: { use: "exact" } }
      const graderOf = yield* makeGraders({ graders }, registry)
      const names = ["flags", "cities", "gsm8k", "math", "gpqa", undefined].map(
        (dataset) => graderOf(dataset === undefined ? {} : { dataset }).name
      )
      expect(names).toEqual(["flags", "exact", "numeric", "boxed", "choice", "numeric"])
      expect(graderOf({ dataset: "flags" }).read("It is red")).toMatchObject({
        answer: { canonical: "red" }
      })
    })
  )

  it.effect("replaces the grader of a known data set", () =>
    Effect.gen(function* () {
      const graderOf = yield* makeGraders({ graders: { gsm8k: { use: "boxed" } } }, registry)
      expect(graderOf({ dataset: "gsm8k" }).name).toBe("boxed")
    })
  )

  it.effect("names the path of a grader that is not there", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(makeGraders({ graders: { flags: { use: "color" } } }, registry))
      expect(error).toMatchObject({ path: "graders.flags.use" })
      expect(error.message).toContain("known here: boxed, choice, colour, exact, numeric")
    })
  )
})

describe("requireGolds", () => {
  it.effect("asks the given grader", () =>
    Effect.gen(function* () {
      const tasks = [{ id: "t", question: "?", gold: "Paris", dataset: "cities" }]
      const graderOf = yield* makeGraders({ graders: { cities: { use: "exact" } } }, registry)
      yield* requireGolds(tasks, "tasks", graderOf)
      const error = yield* Effect.flip(requireGolds(tasks))
      expect(error.message).toContain("that the numeric grader cannot read")
      expect(error.hint).toContain("graders")
    })
  )
})
