import { mkdir, open, rename } from "node:fs/promises"
import { dirname } from "node:path"
import { Effect } from "effect"
import { ModelError } from "./model-error.ts"

/** The most bytes of one write: Node takes less than 2 GiB. */
const chunkBytes = 1_073_741_824

/** Writes a file whole or not at all, chunk by chunk, making its directory where it is missing. */
export const writeChunks = (
  path: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
): Effect.Effect<void, ModelError> =>
  Effect.tryPromise({
    try: async () => {
      await mkdir(dirname(path), { recursive: true })
      const partial = `${path}.partial`
      const file = await open(partial, "w")
      try {
        for await (const chunk of chunks) {
          for (let at = 0; at < chunk.length; ) {
            const { bytesWritten } = await file.write(chunk, at, Math.min(chunkBytes, chunk.length - at))
            at += bytesWritten
          }
        }
      } finally {
        await file.close()
      }
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
  writeChunks(path, [new TextEncoder().encode(`${JSON.stringify(value, undefined, 2)}\n`)])
