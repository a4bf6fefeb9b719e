import * as tf from "@tensorflow/tfjs"
import { ropeFrequencies, rotatedFeatures } from "./rope-frequencies.ts"
import type { DecoderConfig } from "./types.ts"

/** Cosines and sines of the positions' angles, as `Float32Array`s `[positions, rotated features / 2]`. */
export interface Angles {
  readonly cosines: Float32Array
  readonly sines: Float32Array
}

/** The rotary angles of positions 0 to `positions - 1` (Su et al. 2021), times the attention factor of a stretched model. */
export const rotaryAngles = (config: DecoderConfig, positions: number): Angles => {
  const frequencies = ropeFrequencies(config)
  const { scaling } = config.rope
  const factor = scaling?.kind === "longrope" || scaling?.kind === "yarn" ? scaling.attentionFactor : 1
  const cosines = new Float32Array(positions * frequencies.length)
  const sines = new Float32Array(positions * frequencies.length)
  for (let position = 0; position < positions; position++) {
    frequencies.forEach((frequency, i) => {
      const angle = Math.fround(position * frequency)
      cosines[position * frequencies.length + i] = factor * Math.cos(angle)
      sines[position * frequencies.length + i] = factor * Math.sin(angle)
    })
  }
  return { cosines, sines }
}

/** Factors of the two terms of a rotation, `[rows, time, 1, headSize]`; one row serves a whole batch. */
export interface Rotation {
  readonly straight: tf.Tensor
  /** Multiplies the features with the halves of the rotated ones swapped. */
  readonly crossed: tf.Tensor
  /** How many of the features are rotated, the first ones. */
  readonly features: number
}

/** The rotation of the tokens of `rows` rows that stand at `positions`, row by row, times `scale`. */
export const makeRotation = (
  config: DecoderConfig,
  positions: ArrayLike<number>,
  rows: number,
  scale: number
): Rotation => {
  const { headSize } = config
  const last = Array.from(positions).reduce((most, position) => Math.max(most, position), 0)
  const { cosines, sines } = rotaryAngles(config, last + 1)
  const features = rotatedFeatures(config)
  const half = features / 2
  const straight = new Float32Array(positions.length * headSize).fill(scale)
  const crossed = new Float32Array(positions.length * headSize)
  for (let token = 0; token < positions.length; token++) {
    const position = positions[token] ?? 0
    for (let i = 0; i < half; i++) {
      const at = token * headSize + i
      const cosine = scale * (cosines[position * half + i] ?? 0)
      const sine = scale * (sines[position * half + i] ?? 0)
      straight[at] = cosine
      straight[at + half] = cosine
      crossed[at] = -sine
      crossed[at + half] = sine
    }
  }
  const shape = [rows, positions.length / rows, 1, headSize]
  return { straight: tf.tensor(straight, shape), crossed: tf.tensor(crossed, shape), features }
}

/** Swaps the halves of the first `features` features; what is behind them stays, for its factor is 0. */
const swapHalves = (x: tf.Tensor, features: number): tf.Tensor => {
  const headSize = x.shape.at(-1) ?? 0
  const half = features / 2
  if (features === headSize) {
    // Of rank 3, since WebGPU reverses up to rank 4 only.
    return tf.reshape(tf.reverse(tf.reshape(x, [-1, 2, half]), 1), x.shape)
  }
  const [first, second, rest] = tf.split(x, [half, half, headSize - features], -1)
  if (first === undefined || second === undefined || rest === undefined) {
    throw new Error("A partial rotation has two halves and a rest.")
  }
  return tf.concat([second, first, rest], -1)
}

/** Rotates `x` `[batch, time, heads, headSize]` by position, features paired half the rotated ones apart as Hugging Face's weights have them. */
export const rotate = (x: tf.Tensor, { straight, crossed, features }: Rotation): tf.Tensor =>
  tf.add(tf.mul(x, straight), tf.mul(swapHalves(x, features), crossed))

/** The gradient by `x` from that by `rotate`'s result: the rotation the other way. */
export const rotateBack = (dy: tf.Tensor, { straight, crossed, features }: Rotation): tf.Tensor =>
  tf.sub(tf.mul(dy, straight), tf.mul(swapHalves(dy, features), crossed))
