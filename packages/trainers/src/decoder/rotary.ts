import * as tf from "@tensorflow/tfjs"
import { savedTensor, withGradient } from "./with-gradient.ts"

/** Cosines and sines of the positions' angles, as `Float32Array`s `[positions, headSize / 2]`. */
export interface Angles {
  readonly cosines: Float32Array
  readonly sines: Float32Array
}

/** The rotary angles of positions 0 to `positions - 1` (Su et al. 2021). */
export const rotaryAngles = (positions: number, headSize: number, theta: number): Angles => {
  const half = headSize / 2
  const cosines = new Float32Array(positions * half)
  const sines = new Float32Array(positions * half)
  for (let i = 0; i < half; i++) {
    const frequency = theta ** (-(2 * i) / headSize)
    for (let position = 0; position < positions; position++) {
      cosines[position * half + i] = Math.cos(position * frequency)
      sines[position * half + i] = Math.sin(position * frequency)
    }
  }
  return { cosines, sines }
}

/** Factors of the two terms of a rotation, `[rows, time, 1, headSize]`; one row serves a whole batch. */
export interface Rotation {
  readonly straight: tf.Tensor
  /** Multiplies the features with their halves swapped. */
  readonly crossed: tf.Tensor
}

/** The rotation of the tokens of `rows` rows that stand at `positions`, row by row, times `scale`. */
export const makeRotation = (
  positions: ArrayLike<number>,
  rows: number,
  headSize: number,
  theta: number,
  scale: number
): Rotation => {
  const last = Array.from(positions).reduce((most, position) => Math.max(most, position), 0)
  const { cosines, sines } = rotaryAngles(last + 1, headSize, theta)
  const half = headSize / 2
  const straight = new Float32Array(positions.length * headSize)
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
  return { straight: tf.tensor(straight, shape), crossed: tf.tensor(crossed, shape) }
}

const swapHalves = (x: tf.Tensor): tf.Tensor => tf.concat(tf.split(x, 2, -1).reverse(), -1)

/** Rotates `x` `[batch, time, heads, headSize]` by position, features paired half a head apart as Hugging Face's weights have them. */
export const rotate = (x: tf.Tensor, { straight, crossed }: Rotation): tf.Tensor =>
  withGradient(
    [x],
    (save) => {
      save([straight, crossed])
      return tf.add(tf.mul(x, straight), tf.mul(swapHalves(x), crossed))
    },
    (dy, saved) => [
      () => tf.sub(tf.mul(dy, savedTensor(saved, 0)), tf.mul(swapHalves(dy), savedTensor(saved, 1)))
    ]
  )
