import * as tf from "@tensorflow/tfjs"
import { seedKey, split, uniform } from "@tracer-sdk/core"
import { Schema } from "effect"
import { createAdapter, defaultAdapterConfig } from "../adapter/index.ts"
import {
  type Adapter,
  type Decoder,
  type DecoderConfig,
  makeDecoder,
  weightShapes
} from "../decoder/index.ts"
import { GspoOptions } from "../learner/options.ts"
import { type PolicyStep, policyStep } from "../learner/policy-step.ts"
import type { TrainingSequence } from "../learner/rollout.ts"
import { makeAdam } from "../optimizer/index.ts"

/** How much a trial learns from in a step; lengths in tokens. */
export interface TrialSize {
  readonly groups: number
  /** Completions of one prompt. */
  readonly samples: number
  readonly prompt: number
  readonly completion: number
}

/** A GSPO training of LoRA adapters on a random decoder; the same on every backend, but for rounding. */
export interface Trial {
  readonly decoder: Decoder
  readonly adapter: Adapter
  /** Prompt and completion tokens of a step, without padding. */
  readonly tokens: number
  step(): Promise<PolicyStep>
  /** Gradients of the first step, by the names of the adapter's variables; to be asked for after that step. */
  firstGradients(): Promise<ReadonlyMap<string, Float32Array>>
  dispose(): void
}

const beta1 = 0.9

/** Marsaglia's xorshift: made for weights by the hundred million, where every nanosecond is a tenth of a second. */
const fillUniform = (values: Float32Array, bound: number, seed: number): void => {
  let state = seed | 1
  for (let i = 0; i < values.length; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    values[i] = bound * (state / 2_147_483_648)
  }
}

/** Frozen weights of deviation 0.02, norms at 1, biases at 0. */
const randomDecoder = (config: DecoderConfig): Decoder => {
  const weights: Record<string, tf.Tensor> = {}
  let seed = 0x9e37
  for (const [name, shape] of weightShapes(config)) {
    const values = new Float32Array(tf.util.sizeFromShape([...shape]))
    seed += 2
    if (name.endsWith("norm.weight")) values.fill(1)
    else if (!name.endsWith(".bias")) fillUniform(values, 0.02 * Math.sqrt(3), seed)
    weights[name] = tf.tensor(values, [...shape], "float32")
  }
  return makeDecoder(config, weights)
}

/** Tokens are drawn at random; what a sampler would have recorded is taken to be the uniform distribution, which is nearly so. */
const randomGroups = (
  vocabulary: number,
  size: TrialSize
): ReadonlyArray<ReadonlyArray<TrainingSequence>> => {
  const key = seedKey(7)
  const draw = (length: number, ...path: ReadonlyArray<number>): ReadonlyArray<number> =>
    Array.from({ length }, (_, i) => Math.floor(uniform(split(key, ...path), i) * vocabulary))
  return Array.from({ length: size.groups }, (_, group) => {
    const prompt = draw(size.prompt, group)
    return Array.from({ length: size.samples }, (_, sample) => ({
      prompt,
      completion: draw(size.completion, group, sample),
      old: Array.from({ length: size.completion }, () => -Math.log(vocabulary)),
      temperature: 1,
      advantage: sample % 2 === 0 ? 1 : -1,
      weight: 1
    }))
  })
}

/** Makes a trial on the current backend; the caller disposes of it. */
export const makeTrial = (config: DecoderConfig, size: TrialSize, maxTokensPerStep?: number): Trial => {
  const decoder = randomDecoder(config)
  const adapter = createAdapter("trial", decoder, defaultAdapterConfig(config), seedKey(3))
  // B of a new adapter is 0, and so would be every gradient of A.
  let seed = 0x51ed
  for (const [name, variable] of Object.entries(adapter.variables)) {
    if (!name.endsWith("lora_B.weight")) continue
    const values = new Float32Array(variable.size)
    seed += 2
    fillUniform(values, 0.02, seed)
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)))
  }
  const adam = makeAdam(adapter.variables, { learningRate: 1e-3, beta1 })
  const groups = randomGroups(config.vocabularySize, size)
  const options = Schema.decodeSync(GspoOptions)(maxTokensPerStep === undefined ? {} : { maxTokensPerStep })
  return {
    decoder,
    adapter,
    tokens: size.groups * (size.prompt + size.samples * size.completion),
    step: () => policyStep(decoder, adapter, adam, groups, options, seedKey(5)),
    async firstGradients() {
      const { steps, firstMoments } = await adam.state()
      if (steps !== 1) throw new Error(`The first step's gradients were asked for after ${steps} steps.`)
      return new Map(
        Object.entries(firstMoments).map(([name, moment]) => [
          name,
          moment.map((value) => value / (1 - beta1))
        ])
      )
    },
    dispose: () => {
      adapter.dispose()
      adam.dispose()
      decoder.dispose()
    }
  }
}
