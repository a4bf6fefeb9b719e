import { existsSync } from "node:fs"
import { readdir, stat } from "node:fs/promises"
import { join } from "node:path"
import { runFiles, StoreError } from "@tracer-sdk/core"
import { Effect } from "effect"
import type { RunFile } from "./render/files.ts"
import { UsageError } from "./usage-error.ts"

/** Fails with `UsageError` where `--run` names no folder with a saved team. */
export const requireTeam = (directory: string): Effect.Effect<void, UsageError> =>
  Effect.suspend(() => {
    if (existsSync(runFiles(directory).team)) return Effect.void
    return Effect.fail(
      new UsageError({
        message: existsSync(directory)
          ? `--run: ${directory} holds no saved team; there is no team.json in it.`
          : `--run: there is no folder ${directory}.`,
        hint: "Give the folder of a training run, or make one: tracer train --config FILE --out DIR"
      })
    )
  })

const sizeOf = async (path: string): Promise<number> => {
  const about = await stat(path)
  if (!about.isDirectory()) return about.size
  const inside = await readdir(path, { recursive: true, withFileTypes: true })
  const sizes = await Promise.all(
    inside.filter((entry) => entry.isFile()).map((entry) => stat(join(entry.parentPath, entry.name)))
  )
  return sizes.reduce((sum, { size }) => sum + size, 0)
}

/** The files of a run's folder by name, with their sizes; folders end in a slash. */
export const listRun = (directory: string): Effect.Effect<ReadonlyArray<RunFile>, StoreError> =>
  Effect.tryPromise({
    try: async () => {
      const entries = (await readdir(directory, { withFileTypes: true })).toSorted((a, b) =>
        a.name < b.name ? -1 : 1
      )
      return Promise.all(
        entries.map(async (entry) => ({
          name: entry.isDirectory() ? `${entry.name}/` : entry.name,
          size: await sizeOf(join(directory, entry.name))
        }))
      )
    },
    catch: (cause) =>
      new StoreError({
        path: directory,
        message: `The folder ${directory} cannot be listed: ${cause instanceof Error ? cause.message : String(cause)}`,
        hint: "Check that the folder can be read.",
        cause
      })
  })
