import { Effect, Schema } from "effect"
import { definePlugin } from "../registry/plugin.ts"
import type { AnyPlugin } from "../registry/registry.ts"
import { graders } from "./graders.ts"

/** The bundled graders, for data sets of one's own: `numeric`, `boxed`, `choice` and `exact`. */
export const graderPlugins: ReadonlyArray<AnyPlugin> = Object.entries(graders).map(([name, grader]) =>
  definePlugin({ kind: "grader", name, options: Schema.Struct({}), make: () => Effect.succeed(grader) })
)
