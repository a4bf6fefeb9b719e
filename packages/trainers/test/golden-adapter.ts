import * as tf from "@tensorflow/tfjs"
import { seedKey, split, uniform } from "@tracer-sdk/core"
import { createAdapter, defaultAdapterConfig } from "../src/adapter/index.ts"
import type { Adapter, Decoder } from "../src/decoder/index.ts"

const key = seedKey(17)

/** The adapter whose files are kept as `src/adapter/fixtures/ours-BASE`: of rank 3, scaled by 2.5 / 3, none of its weights 0. */
export const goldenAdapter = (decoder: Decoder): Adapter => {
  const config = { ...defaultAdapterConfig(decoder.config), rank: 3, alpha: 2.5 }
  const adapter = createAdapter("golden", decoder, config, key)
  for (const [name, variable] of Object.entries(adapter.variables)) {
    const stream = split(key, "golden", name)
    const values = Float32Array.from({ length: variable.size }, (_, i) => 0.5 * (uniform(stream, i) - 0.5))
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)))
  }
  return adapter
}
