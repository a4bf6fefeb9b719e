import type { Effect } from "effect"
import type { ModelError } from "../files/model-error.ts"
import { writeBytes } from "../files/write-file.ts"
import { toBfloat16 } from "./half.ts"
import type { HostTensor } from "./read-safetensors.ts"

/** The number format of a file's tensors. */
export type FileType = "float32" | "bfloat16"

/** A safetensors file's bytes: names sorted, header padded with spaces to 8 bytes, marked as PyTorch's layout. */
export const formatSafetensors = (tensors: ReadonlyMap<string, HostTensor>, type: FileType): Uint8Array => {
  const bytesPerValue = type === "float32" ? 4 : 2
  const names = [...tensors.keys()].sort()
  const entries: Record<string, unknown> = { __metadata__: { format: "pt" } }
  const parts: Array<Uint8Array> = []
  let offset = 0
  for (const name of names) {
    const tensor = tensors.get(name)
    if (tensor === undefined) continue
    const end = offset + tensor.values.length * bytesPerValue
    entries[name] = {
      dtype: type === "float32" ? "F32" : "BF16",
      shape: tensor.shape,
      data_offsets: [offset, end]
    }
    const stored = type === "float32" ? tensor.values : toBfloat16(tensor.values)
    parts.push(new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength))
    offset = end
  }
  const json = new TextEncoder().encode(JSON.stringify(entries))
  const headerSize = Math.ceil(json.length / 8) * 8
  const bytes = new Uint8Array(8 + headerSize + offset)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerSize), true)
  bytes.fill(0x20, 8, 8 + headerSize)
  bytes.set(json, 8)
  let at = 8 + headerSize
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** Writes a safetensors file. */
export const writeSafetensors = (
  path: string,
  tensors: ReadonlyMap<string, HostTensor>,
  type: FileType
): Effect.Effect<void, ModelError> => writeBytes(path, formatSafetensors(tensors, type))
