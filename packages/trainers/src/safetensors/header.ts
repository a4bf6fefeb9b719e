import { Schema } from "effect"

/** Where a tensor lies in a file. */
export interface TensorEntry {
  /** `F32`, `BF16`, ... as the file has it; not every type can be read. */
  readonly type: string
  readonly shape: ReadonlyArray<number>
  /** The position of its first byte in the file. */
  readonly start: number
  readonly bytes: number
}

const Header = Schema.Record(
  Schema.String,
  Schema.Struct({
    dtype: Schema.String,
    shape: Schema.Array(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))),
    data_offsets: Schema.Tuple([Schema.Int, Schema.Int])
  })
)
const decodeHeader = Schema.decodeUnknownSync(Header)

/** Bytes of a value of the types that can be read. */
export const bytesPerValue: Readonly<Record<string, number>> = { F32: 4, F16: 2, BF16: 2 }

/** How many values a tensor of that shape has. */
export const sizeOf = (shape: ReadonlyArray<number>): number =>
  shape.reduce((product, extent) => product * extent, 1)

/** Bytes of the header's length field. */
export const lengthBytes = 8

/** The largest header that the format allows. */
const largestHeader = 100_000_000

/** The header's size in bytes, from the file's first eight; throws an `Error` where the file cannot have it. */
export const headerSize = (first: Uint8Array, fileBytes: number): number => {
  if (first.length < lengthBytes) throw new Error("the file is shorter than a header's length field")
  const size = Number(new DataView(first.buffer, first.byteOffset, lengthBytes).getBigUint64(0, true))
  if (size > fileBytes - lengthBytes) throw new Error(`the header of ${size} bytes is cut off`)
  if (size > largestHeader) throw new Error(`the header of ${size} bytes is larger than the format allows`)
  return size
}

/** The tensors that a header names, in its order; throws an `Error` that says what is wrong with it. */
export const parseHeader = (header: Uint8Array, fileBytes: number): ReadonlyMap<string, TensorEntry> => {
  const parsed: unknown = JSON.parse(new TextDecoder().decode(header))
  if (typeof parsed !== "object" || parsed === null) throw new Error("the header is not a JSON object")
  const named = decodeHeader(
    Object.fromEntries(Object.entries(parsed).filter(([name]) => name !== "__metadata__"))
  )
  const base = lengthBytes + header.length
  const entries = new Map<string, TensorEntry>()
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(named)) {
    const [start, end] = offsets
    const values = sizeOf(shape)
    const width = bytesPerValue[dtype]
    const fits = start >= 0 && end >= start && base + end <= fileBytes
    if (!fits || (width !== undefined && end - start !== values * width)) {
      throw new Error(`${name} [${shape.join(", ")}] does not lie at its offsets ${start} to ${end}`)
    }
    entries.set(name, { type: dtype, shape, start: base + start, bytes: end - start })
  }
  return entries
}
