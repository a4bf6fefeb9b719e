import { existsSync } from "node:fs"
import { rm } from "node:fs/promises"
import { join } from "node:path"
import { Effect, Schema } from "effect"
import { TeamConfig } from "../config/team-config.ts"
import { StoreError } from "../errors.ts"
import { readTeamFile, type TeamFile } from "../store/team-file.ts"

/** Where a run keeps what. */
export const runFiles = (directory: string) => ({
  team: join(directory, "team.json"),
  summary: join(directory, "summary.json"),
  events: join(directory, "events.sqlite"),
  evaluation: (when: "before" | "after", index: number) =>
    join(directory, "evaluations", `${when}-${index}.json`),
  weights: (name: string) => join(directory, name)
})

const asJson = (config: TeamConfig): string => JSON.stringify(Schema.encodeSync(TeamConfig)(config))

/**
 * The team that an earlier run left in a folder; `undefined` where it holds none.
 *
 * Fails with `StoreError` where the folder belongs to a run of another configuration.
 */
export const resumable = Effect.fnUntraced(function* (directory: string, config: TeamConfig) {
  if (!existsSync(runFiles(directory).team)) return undefined
  const team: TeamFile = yield* readTeamFile(directory)
  if (asJson(team.config) === asJson(config)) return team
  return yield* new StoreError({
    path: directory,
    message: `${directory} holds a run of another configuration.`,
    hint: "Choose another folder, or remove this one to start over."
  })
})

/** Removes a folder of weights that no checkpoint names any more. */
export const forgetWeights = (directory: string, name: string): Effect.Effect<void> =>
  Effect.promise(() => rm(runFiles(directory).weights(name), { recursive: true, force: true }))
