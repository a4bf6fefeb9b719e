import { mkdir, open, rename, rm } from "node:fs/promises"
import { dirname } from "node:path"
import { Effect } from "effect"
import { ModelError } from "./model-error.ts"

/** The most bytes of one write: Node takes less than 2 GiB. */
const chunkBytes = 1_073_741_824

const writeAll = async (
  path: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
): Promise<void> => {
  const file = await open(path, "w")
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
}

/** Whether it was the system that failed, and not what makes the chunks. */
const isSystemError = (cause: unknown): boolean => cause instanceof Error && "syscall" in cause

const problem = (path: string, done: string, cause: unknown): ModelError =>
  new ModelError({
    message: `${path} cannot be ${done}: ${cause instanceof Error ? cause.message : String(cause)}`,
    hint: isSystemError(cause)
      ? "Check that the directory can be written to and that the disk has room."
      : "It is not the disk: what was to be written could not be had, or does not fit the format.",
    path,
    cause
  })

/**
 * Writes a file whole or not at all, chunk by chunk, making its directory where it is missing. A `ModelError` of the chunks is passed
 * on as it is; a failure leaves nothing behind.
 */
export const writeChunks = (
  path: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
): Effect.Effect<void, ModelError> =>
  Effect.tryPromise({
    try: async () => {
      const partial = `${path}.partial`
      try {
        await mkdir(dirname(path), { recursive: true })
        await writeAll(partial, chunks)
        await rename(partial, path)
      } catch (cause) {
        // Whatever comes of it, the first failure is the one to tell.
        await rm(partial, { force: true }).catch(() => {})
        throw cause
      }
    },
    catch: (cause) => (cause instanceof ModelError ? cause : problem(path, "written", cause))
  })

/** Writes a value as indented JSON. */
export const writeJson = (path: string, value: unknown): Effect.Effect<void, ModelError> =>
  writeChunks(path, [new TextEncoder().encode(`${JSON.stringify(value, undefined, 2)}\n`)])

/** Removes a file where there is one. */
export const removeFile = (path: string): Effect.Effect<void, ModelError> =>
  Effect.tryPromise({
    try: () => rm(path, { force: true }),
    catch: (cause) => problem(path, "removed", cause)
  })
