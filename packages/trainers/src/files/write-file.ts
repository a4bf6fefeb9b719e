import { mkdir, rename, writeFile } from "node:fs/promises"
import { dirname } from "node:path"
import { Effect } from "effect"
import { ModelError } from "./model-error.ts"

/** Writes a file whole or not at all, making its directory where it is missing. */
export const writeBytes = (path: string, contents: Uint8Array | string): Effect.Effect<void, ModelError> =>
  Effect.tryPromise({
    try: async () => {
      await mkdir(dirname(path), { recursive: true })
      const partial = `${path}.partial`
      await writeFile(partial, contents)
      await rename(partial, path)
    },
    catch: (cause) =>
      new ModelError({
        message: `${path} cannot be written.`,
        hint: "Check that the directory can be written to and that the disk has room.",
        path,
        cause
      })
  })

/** Writes a value as indented JSON. */
export const writeJson = (path: string, value: unknown): Effect.Effect<void, ModelError> =>
  writeBytes(path, `${JSON.stringify(value, undefined, 2)}\n`)
