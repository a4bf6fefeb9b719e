import type { DecoderConfig } from "@tracer-sdk/trainers"
import { qwen2 } from "./shapes.ts"

/** Random models by name: Qwen2.5-0.5B's shape, and one that a processor can bear. */
export const shapes = {
  "0.5b": qwen2,
  tiny: {
    ...qwen2,
    vocabularySize: 4_096,
    hiddenSize: 64,
    intermediateSize: 172,
    layers: 2,
    heads: 4,
    keyValueHeads: 2,
    headSize: 16,
    maximumPositions: 512
  }
} as const satisfies Readonly<Record<string, DecoderConfig>>

export type ShapeName = keyof typeof shapes

export const isShapeName = (name: string): name is ShapeName => name in shapes

/** What one process of the benchmark measures. */
export interface GpuTask {
  readonly shape: ShapeName
  readonly batch: number
  /** Tokens of a sequence, of which half are completion. */
  readonly time: number
  readonly steps: number
  readonly software: boolean
}

/** What it found; a device that ran out of memory has a problem in place of times. */
export type GpuMeasure =
  | { readonly problem: string }
  | {
      readonly detail: string
      readonly first: number
      /** Milliseconds of each further step. */
      readonly times: ReadonlyArray<number>
      /** Bytes of all buffers on the device once the steps are done, those of disposed tensors included. */
      readonly bytes: number
      /** Whether every step's numbers were finite. */
      readonly applied: boolean
    }
