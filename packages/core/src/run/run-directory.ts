import { existsSync } from "node:fs"
import { mkdir, readdir, rm } from "node:fs/promises"
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
  evaluations: join(directory, "evaluations"),
  evaluation: (when: "before" | "after", index: number) =>
    join(directory, "evaluations", `${when}-${index}.json`),
  weights: (name: string) => join(directory, name)
})

/** What decides a run's outcome: concurrency does not. */
export const decisive = (config: TeamConfig): string => {
  const { training, ...rest } = Schema.encodeSync(TeamConfig)(config)
  return JSON.stringify({ ...rest, training: { ...training, concurrency: 0 } })
}

const otherRun = (directory: string, what: string) =>
  new StoreError({
    path: directory,
    message: `${directory} holds ${what}.`,
    hint: "Choose another folder, or remove this one to start over."
  })

/** Whether a folder is missing, or holds nothing but what a run writes before its first checkpoint. */
const isVacant = (directory: string): Effect.Effect<boolean> =>
  Effect.promise(() => readdir(directory).catch((): Array<string> => [])).pipe(
    Effect.map((names) => names.every((name) => /^(events\.sqlite|evaluations|team\.json\.part)/.test(name)))
  )

/**
 * The team that an earlier start of the same run left in a folder; `undefined` where it holds none.
 *
 * Fails with `StoreError` where the folder belongs to a run of another configuration or other tasks, or to a team
 * that was saved on its own, or holds other files.
 */
export const resumable = Effect.fnUntraced(function* (directory: string, config: TeamConfig, tasks: string) {
  const files = runFiles(directory)
  if (!existsSync(files.team)) {
    return (yield* isVacant(directory)) ? undefined : yield* otherRun(directory, "files that are no run's")
  }
  const team: TeamFile = yield* readTeamFile(directory)
  // A start that failed before it had done anything has no claim to the folder.
  if (team.progress?.batchesDone === 0 && !existsSync(files.evaluations)) return undefined
  if (decisive(team.config) !== decisive(config)) {
    return yield* otherRun(directory, "a run of another configuration")
  }
  if (team.progress === undefined) return yield* otherRun(directory, "a saved team, not a run")
  if (team.progress.tasks !== tasks) return yield* otherRun(directory, "a run on other tasks")
  return team
})

/** Makes the folder, and removes what no checkpoint names: other weights, and without a checkpoint evaluations. */
export const prepareDirectory = (
  directory: string,
  earlier: TeamFile | undefined
): Effect.Effect<void, StoreError> =>
  Effect.tryPromise({
    try: async () => {
      await mkdir(directory, { recursive: true })
      const stale = (await readdir(directory)).filter(
        (name) => /^weights-\d+$/.test(name) && name !== earlier?.weights
      )
      for (const name of stale) await rm(join(directory, name), { recursive: true, force: true })
      if (earlier === undefined) await rm(runFiles(directory).evaluations, { recursive: true, force: true })
    },
    catch: (cause) =>
      new StoreError({
        path: directory,
        message: `The folder ${directory} cannot be used: ${String(cause)}`,
        hint: "Choose a folder that can be written.",
        cause
      })
  })

/** Removes a folder of weights that no checkpoint names any more. */
export const forgetWeights = (directory: string, name: string): Effect.Effect<void> =>
  Effect.promise(() => rm(runFiles(directory).weights(name), { recursive: true, force: true }))
