import { mkdir, rename, writeFile } from "node:fs/promises"
import { dirname } from "node:path"
import { Effect } from "effect"
import { StoreError } from "../errors.ts"
import { reasonOf } from "../reason-of.ts"

/** Writes what `make` gives; a reader sees the old file or the new one, never a part. Creates missing folders. Fails with `StoreError`. */
export const writeWholeFile = (
  file: string,
  make: () => string | Uint8Array | Promise<string | Uint8Array>
): Effect.Effect<void, StoreError> =>
  Effect.tryPromise({
    try: async () => {
      const content = await make()
      await mkdir(dirname(file), { recursive: true })
      await writeFile(`${file}.part`, content)
      await rename(`${file}.part`, file)
    },
    catch: (cause) =>
      new StoreError({
        path: file,
        message: `${file} cannot be written: ${reasonOf(cause)}`,
        hint: "Check that the folder can be written and that the disk has room.",
        cause
      })
  })
