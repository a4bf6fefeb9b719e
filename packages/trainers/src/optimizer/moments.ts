import * as tf from "@tensorflow/tfjs"
import type { ParameterLayout } from "./parameter-layout.ts"

type Values = Readonly<Record<string, Float32Array>>

/** Running means of the gradients and of their squares, for the parameters of a layout. */
export interface Moments {
  readonly layout: ParameterLayout
  first: tf.Tensor
  second: tf.Tensor
}

/** Moments of 0, which live until they are disposed of, whatever scope they are made in. */
export const zeroMoments = (layout: ParameterLayout): Moments => ({
  layout,
  first: tf.keep(tf.zeros(layout.shape)),
  second: tf.keep(tf.zeros(layout.shape))
})

/** Puts new values in the place of one of the moments, whose memory is freed. */
export const replaceMoment = (moments: Moments, which: "first" | "second", values: tf.Tensor): void => {
  moments[which].dispose()
  moments[which] = tf.keep(values)
}

/** One of the moments on the host, by parameter name. */
export const readMoment = async (
  { layout, ...moments }: Moments,
  which: "first" | "second"
): Promise<Values> => {
  const values = await moments[which].data()
  return Object.fromEntries(
    layout.places.map(({ name, offset, size }) => [
      name,
      Float32Array.from(values.slice(offset, offset + size))
    ])
  )
}

/** Throws where `values` do not have an element for each of every parameter's. */
export const requireMoment = ({ layout }: Moments, which: "first" | "second", values: Values): void => {
  for (const { name, size } of layout.places) {
    const found = values[name]?.length
    if (found !== size) {
      throw new Error(
        `The optimizer state has ${found ?? "no"} ${which} moments for the ${size} elements of ${name}.`
      )
    }
  }
}

/** Goes on from values that `readMoment` gave. */
export const restoreMoment = (moments: Moments, which: "first" | "second", values: Values): void => {
  const { places, shape } = moments.layout
  const flat = new Float32Array(shape[0] * shape[1])
  for (const { name, offset } of places) flat.set(values[name] ?? [], offset)
  replaceMoment(moments, which, tf.tensor(flat, shape, "float32"))
}
