import { join } from "node:path"
import type * as tf from "@tensorflow/tfjs"
import { Effect } from "effect"
import type { ModelError } from "../files/model-error.ts"
import { writeJson } from "../files/write-file.ts"
import { type FileType, type HostTensor, writeSafetensors } from "../safetensors/index.ts"
import { decoderConfigFile } from "./config-file.ts"
import type { Decoder } from "./types.ts"

/** Copies of named float tensors on the host. */
export const toHost = (
  tensors: Readonly<Record<string, tf.Tensor>>
): Effect.Effect<ReadonlyMap<string, HostTensor>> =>
  Effect.promise(async () => {
    const copies = new Map<string, HostTensor>()
    for (const [name, tensor] of Object.entries(tensors)) {
      copies.set(name, { shape: tensor.shape, values: Float32Array.from(await tensor.data()) })
    }
    return copies
  })

/** Writes `config.json` and `model.safetensors`, by default in 32-bit floats, which lose nothing. */
export const saveDecoder = Effect.fn("saveDecoder")(function* (
  decoder: Decoder,
  directory: string,
  options: { readonly type?: FileType } = {}
): Effect.fn.Return<void, ModelError> {
  const tensors = yield* toHost(decoder.weights)
  yield* writeSafetensors(join(directory, "model.safetensors"), tensors, options.type ?? "float32")
  yield* writeJson(join(directory, "config.json"), decoderConfigFile(decoder.config))
})
