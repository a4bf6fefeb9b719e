import { type FileHandle, open } from "node:fs/promises"
import { Effect, type Scope } from "effect"
import { ModelError } from "../files/model-error.ts"
import { fromBfloat16, fromFloat16 } from "./half.ts"
import { bytesPerValue, headerSize, lengthBytes, parseHeader, type TensorEntry } from "./header.ts"

/** A tensor on the host, row by row, whatever type it has in a file. */
export interface HostTensor {
  readonly shape: ReadonlyArray<number>
  readonly values: Float32Array
}

/** An open safetensors file, of which only the header has been read. */
export interface SafetensorsFile {
  readonly path: string
  readonly entries: ReadonlyMap<string, TensorEntry>
  /** The values of a tensor, in memory of their own; fails with a `ModelError` for one that is not there or of another type. */
  readonly read: (name: string) => Effect.Effect<Float32Array<ArrayBuffer>, ModelError>
}

const hint =
  "Use a safetensors file with F32, F16 or BF16 tensors; a broken download has to be fetched again."

/** The most bytes of one read: Node takes less than 2 GiB, and more than this is no faster. */
const chunkBytes = 4_194_304

/** The buffer that halves are widened from; small, for it is garbage after each tensor. */
const halfBytes = 262_144

/** Fills `to` from the file at `position`. */
const readFully = async (file: FileHandle, to: Uint8Array, position: number): Promise<void> => {
  for (let done = 0; done < to.length; ) {
    const length = Math.min(to.length - done, chunkBytes)
    const { bytesRead } = await file.read(to, done, length, position + done)
    if (bytesRead === 0) throw new Error("the file ends before its tensors do")
    done += bytesRead
  }
}

const readEntry = async (file: FileHandle, entry: TensorEntry): Promise<Float32Array<ArrayBuffer>> => {
  const width = bytesPerValue[entry.type]
  if (width === undefined) throw new Error(`its type is ${entry.type}, not F32, F16 or BF16`)
  const values = new Float32Array(entry.bytes / width)
  if (entry.type === "F32") {
    await readFully(file, new Uint8Array(values.buffer), entry.start)
    return values
  }
  const widen = entry.type === "BF16" ? fromBfloat16 : fromFloat16
  const words = new Uint16Array(Math.min(values.length, halfBytes / width))
  for (let at = 0; at < values.length; at += words.length) {
    const some = words.subarray(0, Math.min(words.length, values.length - at))
    await readFully(file, new Uint8Array(words.buffer, 0, some.byteLength), entry.start + at * width)
    widen(some, values.subarray(at))
  }
  return values
}

/** How a file begins that only says where Git LFS keeps the real one. */
const pointerStart = "version https://git-lfs"

const readHeader = async (file: FileHandle): Promise<ReadonlyMap<string, TensorEntry>> => {
  const { size } = await file.stat()
  const start = new Uint8Array(Math.min(size, pointerStart.length))
  await readFully(file, start, 0)
  if (new TextDecoder().decode(start) === pointerStart) {
    throw new Error("it is a pointer of Git LFS, not the file itself; git lfs pull fetches that")
  }
  const first = start.subarray(0, lengthBytes)
  const header = new Uint8Array(headerSize(first, size))
  await readFully(file, header, lengthBytes)
  return parseHeader(header, size)
}

const problem = (path: string, message: string, cause?: unknown): ModelError =>
  new ModelError({ message: `${path}: ${message}.`, hint, path, ...(cause === undefined ? {} : { cause }) })
const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/** Opens a safetensors file for the time of the scope, and checks that its tensors lie where the header says. */
export const openSafetensors = Effect.fnUntraced(function* (
  path: string,
  missingHint: string
): Effect.fn.Return<SafetensorsFile, ModelError, Scope.Scope> {
  const file = yield* Effect.acquireRelease(
    Effect.tryPromise({
      try: () => open(path),
      catch: (cause) => new ModelError({ message: `${path} cannot be read.`, hint: missingHint, path, cause })
    }),
    (opened) => Effect.promise(() => opened.close())
  )
  const entries = yield* Effect.tryPromise({
    try: () => readHeader(file),
    catch: (cause) => problem(path, messageOf(cause), cause)
  })
  const read = (name: string): Effect.Effect<Float32Array<ArrayBuffer>, ModelError> => {
    const entry = entries.get(name)
    if (entry === undefined) return Effect.fail(problem(path, `there is no tensor ${name}`))
    return Effect.tryPromise({
      try: () => readEntry(file, entry),
      catch: (cause) => problem(path, `${name} cannot be read: ${messageOf(cause)}`, cause)
    })
  }
  return { path, entries, read }
})

/** Reads all tensors of a safetensors file, in the order of its header: for files that fit into memory. */
export const readSafetensors = (
  path: string,
  missingHint: string
): Effect.Effect<ReadonlyMap<string, HostTensor>, ModelError> =>
  Effect.scoped(
    Effect.gen(function* () {
      const file = yield* openSafetensors(path, missingHint)
      const tensors = new Map<string, HostTensor>()
      for (const [name, { shape }] of file.entries) {
        tensors.set(name, { shape, values: yield* file.read(name) })
      }
      return tensors
    })
  )
