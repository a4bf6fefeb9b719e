import { Effect } from "effect"
import type { Grader } from "../answer/index.ts"
import type { TeamConfig } from "../config/team-config.ts"
import type { Registry } from "../registry/registry.ts"
import { gradersBy } from "./grader-for.ts"

/** How a configuration's answers are graded: by its `graders`, else as each data set's own are. */
export const makeGraders = Effect.fnUntraced(function* (
  { graders }: Pick<TeamConfig, "graders">,
  registry: Registry
) {
  const own = new Map<string, Grader>()
  for (const [dataset, use] of Object.entries(graders)) {
    own.set(dataset, yield* registry.make("grader", use, { dataset }, `graders.${dataset}`))
  }
  return gradersBy(own)
})
