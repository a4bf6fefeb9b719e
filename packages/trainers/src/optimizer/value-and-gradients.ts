import * as tf from "@tensorflow/tfjs"
import type { Parameters } from "./parameter-layout.ts"

/** A loss with its gradients under the parameters' names; the caller disposes of all. */
export interface ValueAndGradients {
  readonly value: tf.Scalar
  readonly gradients: Readonly<Record<string, tf.Tensor>>
}

/**
 * Evaluates a scalar loss with its gradient with respect to each of `parameters`.
 *
 * `tf.variableGrads` answers under the names that the engine gave the variables; here they come under those of the record.
 */
export const valueAndGradients = (loss: () => tf.Scalar, parameters: Parameters): ValueAndGradients => {
  const entries = Object.entries(parameters)
  const { value, grads } = tf.variableGrads(
    loss,
    entries.map(([, variable]) => variable)
  )
  const gradients: Record<string, tf.Tensor> = {}
  for (const [name, variable] of entries) {
    const gradient = grads[variable.name]
    if (gradient === undefined || gradient === null) {
      tf.dispose([value, Object.values(grads)])
      throw new Error(`The loss does not depend on ${name}.`)
    }
    gradients[name] = gradient
  }
  return { value, gradients }
}
