import { Effect } from "effect"
import { BackendError } from "../backend/backend-error.ts"
import type { Decoder } from "../decoder/types.ts"
import { weightShapes } from "../decoder/weight-shapes.ts"
import type { DecodeContext } from "./decode-rows.ts"
import { HeapFull, inMebibytes, largestMemory, makeHeap } from "./heap.ts"
import type { HelperThreads } from "./helpers.ts"
import { makeKernels } from "./kernels.ts"
import { packWeights } from "./pack-weights.ts"
import { makeWorkSpace } from "./work-space.ts"

const tooLarge = ({ config }: Decoder, cause: HeapFull): BackendError => {
  const count = [...weightShapes(config).values()]
    .map((shape) => shape.reduce((product, extent) => product * extent, 1))
    .reduce((sum, size) => sum + size, 0)
  return new BackendError({
    message: `The model's ${Math.round(count / 1e6)} million weights do not fit the sampler's memory of ${inMebibytes(largestMemory)}, at 2 bytes each where all are bfloat16 numbers, else 4: ${cause.message}.`,
    hint: "Use a smaller model or its bfloat16 checkpoint, or draw from a server with the policy served.",
    cause
  })
}

/** Kernels in a memory of their own; its addresses are claimed at once, its pages as they are needed. */
const startKernels = Effect.try({
  try: makeKernels,
  catch: (cause) =>
    new BackendError({
      message: `The sampler's kernels do not start: ${cause instanceof Error ? cause.message : cause}.`,
      hint: "They take Node 22.19 or newer, and a process that may claim 12 GiB of addresses: raise its limit (ulimit -v).",
      cause
    })
})

/** A decoder's weights where the kernels can use them, and room to work. Fails with `BackendError` where they do not fit. */
export const loadKernels = Effect.fnUntraced(function* (
  decoder: Decoder,
  helpers: HelperThreads | undefined
) {
  const kernels = yield* startKernels
  const heap = makeHeap(kernels.memory)
  return yield* Effect.tryPromise({
    try: async () => {
      const base = await packWeights(decoder, heap)
      const space = makeWorkSpace(decoder.config, heap)
      const context: DecodeContext = {
        ...{ config: decoder.config, kernels, heap, space },
        ...(helpers === undefined ? {} : { helpers: helpers.join(kernels, heap) })
      }
      return { base, context }
    },
    catch: (cause) => cause
  }).pipe(
    Effect.catch((cause) =>
      cause instanceof HeapFull ? Effect.fail(tooLarge(decoder, cause)) : Effect.die(cause)
    )
  )
})
