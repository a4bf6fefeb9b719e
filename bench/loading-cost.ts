import { Schema } from "effect"

/** What loading a decoder took. */
export const LoadingCost = Schema.Struct({
  milliseconds: Schema.Finite,
  /** The weights in 32-bit floats. */
  weightBytes: Schema.Finite,
  /** How much more memory the process had at its worst than before it loaded. */
  peakBytes: Schema.Finite
})
