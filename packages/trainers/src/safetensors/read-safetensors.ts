import { Effect, Schema } from "effect"
import { ModelError } from "../files/model-error.ts"
import { readBytes } from "../files/read-file.ts"
import { fromBfloat16, fromFloat16 } from "./half.ts"

/** A tensor on the host, row by row, whatever type it has in a file. */
export interface HostTensor {
  readonly shape: ReadonlyArray<number>
  readonly values: Float32Array
}

const Entry = Schema.Struct({
  dtype: Schema.Literals(["F32", "F16", "BF16"]),
  shape: Schema.Array(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))),
  data_offsets: Schema.Tuple([Schema.Int, Schema.Int])
})
const bytesPerValue = { F32: 4, F16: 2, BF16: 2 } as const

const hint =
  "Use a safetensors file with F32, F16 or BF16 tensors; a broken download has to be fetched again."

const decodeEntry = (name: string, entry: typeof Entry.Type, data: Uint8Array): HostTensor => {
  const [start, end] = entry.data_offsets
  const size = entry.shape.reduce((product, extent) => product * extent, 1)
  if (start < 0 || end > data.length || end - start !== size * bytesPerValue[entry.dtype]) {
    throw new Error(`${name} [${entry.shape.join(", ")}] does not lie at its offsets ${start} to ${end}`)
  }
  // A copy starts at offset 0, as typed arrays of wider elements need it; a Buffer's own slice would be a view.
  const own = Uint8Array.from(data.subarray(start, end)).buffer
  if (entry.dtype === "F32") return { shape: entry.shape, values: new Float32Array(own) }
  const words = new Uint16Array(own)
  return {
    shape: entry.shape,
    values: entry.dtype === "BF16" ? fromBfloat16(words) : fromFloat16(words)
  }
}

const decodeHeader = Schema.decodeUnknownSync(Schema.Record(Schema.String, Entry))

/** The tensors of a safetensors file's bytes; throws an `Error` that says what is wrong with them. */
export const parseSafetensors = (bytes: Uint8Array): ReadonlyMap<string, HostTensor> => {
  if (bytes.length < 8) throw new Error("the file is shorter than a header's length field")
  const headerSize = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true))
  if (headerSize > bytes.length - 8) throw new Error(`the header of ${headerSize} bytes is cut off`)
  const header: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerSize)))
  if (typeof header !== "object" || header === null) throw new Error("the header is not a JSON object")
  const entries = decodeHeader(
    Object.fromEntries(Object.entries(header).filter(([name]) => name !== "__metadata__"))
  )
  const data = bytes.subarray(8 + headerSize)
  return new Map(Object.entries(entries).map(([name, entry]) => [name, decodeEntry(name, entry, data)]))
}

/** Reads a safetensors file. */
export const readSafetensors = Effect.fnUntraced(function* (
  path: string,
  missingHint: string
): Effect.fn.Return<ReadonlyMap<string, HostTensor>, ModelError> {
  const bytes = yield* readBytes(path, missingHint)
  return yield* Effect.try({
    try: () => parseSafetensors(bytes),
    catch: (cause) =>
      new ModelError({
        message: `${path}: ${cause instanceof Error ? cause.message : String(cause)}.`,
        hint,
        path,
        cause
      })
  })
})
