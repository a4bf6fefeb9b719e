import { join } from "node:path"
import {
  type AdamState,
  type Decoder,
  type HostTensor,
  readSafetensors,
  saveDecoder,
  writeSafetensors
} from "@tracer-sdk/trainers"
import { Effect } from "effect"

const missing = "Start without --resume, or name the directory of an earlier run with --checkpoint."

const flat = (values: Float32Array): HostTensor => ({ shape: [values.length], values })

/** Writes weights and optimizer state, from which a run goes on exactly. */
export const saveCheckpoint = Effect.fn("saveCheckpoint")(function* (
  directory: string,
  decoder: Decoder,
  state: AdamState
) {
  yield* saveDecoder(decoder, directory)
  const tensors = new Map<string, HostTensor>([
    ["steps", flat(Float32Array.of(state.steps))],
    ["skipped", flat(Float32Array.of(state.skipped))]
  ])
  for (const [name, values] of Object.entries(state.firstMoments)) tensors.set(`first.${name}`, flat(values))
  for (const [name, values] of Object.entries(state.secondMoments))
    tensors.set(`second.${name}`, flat(values))
  yield* writeSafetensors(join(directory, "optimizer.safetensors"), tensors, "float32")
})

/** Reads the optimizer state of a checkpoint. */
export const readOptimizerState = Effect.fn("readOptimizerState")(function* (directory: string) {
  const tensors = yield* readSafetensors(join(directory, "optimizer.safetensors"), missing)
  const moments = (prefix: string) =>
    Object.fromEntries(
      [...tensors]
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, { values }]) => [name.slice(prefix.length), values])
    )
  const state: AdamState = {
    steps: tensors.get("steps")?.values[0] ?? 0,
    skipped: tensors.get("skipped")?.values[0] ?? 0,
    firstMoments: moments("first."),
    secondMoments: moments("second.")
  }
  return state
})
