import { existsSync, statSync } from "node:fs"
import { type FileHandle, mkdir, open, readFile, rm, writeFile } from "node:fs/promises"
import { dirname } from "node:path"
import { Option, Schema } from "effect"

/** What a partial file is a part of: a later request asks for the rest of this very version. */
const PartialState = Schema.Struct({
  url: Schema.String,
  /** A strong ETag, or a Last-Modified date (RFC 9110, section 13.1.5). */
  validator: Schema.String
})
const decodeState = Schema.decodeUnknownOption(Schema.fromJsonString(PartialState))

/** The part of a download that is there, and the validator of the version that it belongs to. */
export interface Kept {
  readonly bytes: number
  readonly validator: string
}

/** A download in progress, on disk: it outlives the process, so that the next one goes on with it. */
export interface PartialFile {
  readonly path: string
  /** What is there of `url`; absent where the rest could not be asked for. */
  readonly kept: (url: string) => Promise<Kept | undefined>
  /** Opens it for writing behind the first `bytes`, which stay; without a validator the next process starts anew. */
  readonly begin: (url: string, bytes: number, validator: string | undefined) => Promise<FileHandle>
  /** Removes what is there. */
  readonly discard: () => Promise<void>
  /** Removes what was only needed to go on. */
  readonly finish: () => Promise<void>
}

/** The partial file of a download to `path`. */
export const partialFile = (path: string): PartialFile => {
  const statePath = `${path}.json`
  const finish = () => rm(statePath, { force: true })
  return {
    path,
    kept: async (url) => {
      if (!existsSync(path) || !existsSync(statePath)) return undefined
      const state = Option.getOrUndefined(decodeState(await readFile(statePath, "utf8")))
      const { size } = statSync(path)
      return state?.url === url && size > 0 ? { bytes: size, validator: state.validator } : undefined
    },
    begin: async (url, bytes, validator) => {
      await mkdir(dirname(path), { recursive: true })
      if (validator === undefined) await finish()
      else await writeFile(statePath, JSON.stringify({ url, validator }))
      const handle = await open(path, bytes === 0 ? "w" : "r+")
      await handle.truncate(bytes)
      return handle
    },
    discard: async () => {
      await finish()
      await rm(path, { force: true })
    },
    finish
  }
}
