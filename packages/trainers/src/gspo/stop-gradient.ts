import * as tf from "@tensorflow/tfjs"
import { withGradient } from "../decoder/with-gradient.ts"

/** The same values, through which no gradient flows back. */
export const stopGradient = (x: tf.Tensor): tf.Tensor =>
  withGradient(
    [x],
    () => tf.clone(x),
    (dy) => [() => tf.zerosLike(dy)]
  )
