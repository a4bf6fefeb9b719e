import { Effect } from "effect"
import type { ModelError } from "../files/model-error.ts"
import { writeChunks } from "../files/write-file.ts"
import { toBfloat16, toFloat16 } from "./half.ts"
import { bytesPerValue, lengthBytes, sizeOf } from "./header.ts"

/** The number format of a file's tensors. */
export type FileType = "float32" | "bfloat16" | "float16"

const typeNames = { float32: "F32", bfloat16: "BF16", float16: "F16" } as const

/** Bytes of a value in a file. */
export const fileBytesPerValue = (type: FileType): number => bytesPerValue[typeNames[type]] ?? 4

/** A tensor to write; values that are a function are asked for when their turn comes, and may be forgotten after it. */
export interface TensorSource {
  readonly shape: ReadonlyArray<number>
  readonly values: Float32Array | (() => Promise<Float32Array>)
}

/** Where half precision rounds up to infinity. */
const float16Overflow = 65_520

/** Throws an `Error` where a file would not hold what its header says, or not the values. */
const check = (name: string, source: TensorSource, values: Float32Array, type: FileType): void => {
  if (values.length !== sizeOf(source.shape)) {
    throw new Error(`${name} [${source.shape.join(", ")}] was given ${values.length} values`)
  }
  const lost = (value: number) => Number.isFinite(value) && Math.abs(value) >= float16Overflow
  const tooLarge = type === "float16" ? values.find(lost) : undefined
  if (tooLarge !== undefined) {
    throw new Error(`${name} has the value ${tooLarge}, which float16 cannot hold; bfloat16 and float32 can`)
  }
}

const stored = (values: Float32Array, type: FileType): Uint8Array => {
  const numbers = type === "float32" ? values : type === "bfloat16" ? toBfloat16(values) : toFloat16(values)
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
}

/** Length field and header of a file, padded with spaces to 8 bytes and marked as PyTorch's layout. */
const headerOf = (tensors: ReadonlyArray<readonly [string, TensorSource]>, type: FileType): Uint8Array => {
  const entries: Record<string, unknown> = { __metadata__: { format: "pt" } }
  let offset = 0
  for (const [name, { shape }] of tensors) {
    const end = offset + sizeOf(shape) * fileBytesPerValue(type)
    entries[name] = { dtype: typeNames[type], shape, data_offsets: [offset, end] }
    offset = end
  }
  const json = new TextEncoder().encode(JSON.stringify(entries))
  const size = Math.ceil(json.length / lengthBytes) * lengthBytes
  const bytes = new Uint8Array(lengthBytes + size).fill(0x20, lengthBytes)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(size), true)
  bytes.set(json, lengthBytes)
  return bytes
}

async function* chunksOf(
  tensors: ReadonlyArray<readonly [string, TensorSource]>,
  type: FileType
): AsyncGenerator<Uint8Array> {
  yield headerOf(tensors, type)
  for (const [name, source] of tensors) {
    const values = typeof source.values === "function" ? await source.values() : source.values
    check(name, source, values, type)
    yield stored(values, type)
  }
}

/**
 * Writes a safetensors file, names sorted, one tensor at a time. Fails with a `ModelError` that names a tensor with more or fewer
 * values than its shape has, or with values too large for the type.
 */
export const writeSafetensors = (
  path: string,
  tensors: ReadonlyMap<string, TensorSource>,
  type: FileType
): Effect.Effect<void, ModelError> =>
  Effect.suspend(() => {
    const sorted = [...tensors].sort(([left], [right]) => (left < right ? -1 : 1))
    return writeChunks(path, chunksOf(sorted, type))
  })
